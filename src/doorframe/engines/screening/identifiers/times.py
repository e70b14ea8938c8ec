"""Exact dates, and ages over 89.

A date has a day and a month. A year alone, a month alone, a weekday and a time of day are none. Ages over 89 may
be told only as "90 or older" (45 CFR 164.514(b)(2)(i)(C)), so "in her nineties" and "90+" pass.
"""

from __future__ import annotations

import re

from doorframe.engines.screening.identifiers.forms import (
    AFTER,
    AGE,
    BEFORE,
    DIGIT,
    MONTH,
    PARTED,
    Form,
    Found,
)
from doorframe.engines.screening.identifiers.page import Page

MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
"""Names of months, whole and short."""
_MONTH = rf"(?P<month>{MONTHS})"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r" ?(?:st|nd|rd|th)"
_YEAR = r"(?P<year>[,\-]? ?(?:19|20)\d\d(?!\d)|,? ?'\d\d(?!\d))?"
_RANGE = rf"(?:{_DAY}(?:{_TH})? ?(?:-|to|and|&) ?)?"
_LONG = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Most days of each month."""

ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    "|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ]first|twenty[- ]second|twenty[- ]third"
    "|twenty[- ]fourth|twenty[- ]fifth|twenty[- ]sixth|twenty[- ]seventh|twenty[- ]eighth|twenty[- ]ninth|thirtieth"
    "|thirty[- ]first"
)
"""Days of a month in words."""
_WORD_MONTHS = frozenset({"may", "march", "mar", "dec", "jan", "sept", "sep", "june", "april", "august"})
"""Months that are words or names as well."""
_DATE_CUE = re.compile(
    r"(?:\bon|\bsince|\bby|\buntil|\btill|\bfrom|\bborn|\bdob|\bd\.o\.b\.?|\bbirth|\bbirthday|\bdate"
    r"|\bdated|\bbefore|\bafter"
    r"|\bseen|\badmitted|\bdischarged|\bdied|\bdeceased|\bthe|\bappointment|(?:mon|tues?|wed|thurs?|fri"
    r"|satur|sun)(?:nes)?(?:day)?)"
    r"(?: is| was| of)?[ ,:]{0,3}$"
)
_UNIT = re.compile(
    r"[ \-]?(?:%|percent|per cent|people|persons|clients|places|spots|spaces|minutes?|mins?|hours?|hrs?"
    r"|sessions?|weeks?"
    r"|days?|months?|years?|am|pm|a\.m|p\.m|things|ways|tips|reasons|questions|books|podcasts?|episodes?"
    r"|times|miles|pounds|kids"
    r"|therapists|students|dollars|k)\b|:\d|[.,]\d|/\d| ?%|x\b"
)


_BIRTH = re.compile(r"\b(?:dob|d\.o\.b|born|birth)\b")
_COUNTED = re.compile(r"\b(?:week|part|episode|page|season|number|chapter|issue|day) $")


def _month(word: str) -> int:
    return ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec").index(word[:3]) + 1


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _LONG[month - 1]


def _is_date(first: int, second: int) -> bool:
    """Whether two numbers are a day and a month, in either order."""
    return _is_day(first, second) or _is_day(second, first)


def _shown_as_month(page: Page, match: re.Match[str]) -> bool:
    """Whether a word like "may" is written as a month: with one capital."""
    word = page.plain[match.start("month") : match.end("month")]
    return word.istitle() or match["month"] not in _WORD_MONTHS


def _read_numbers(page: Page, match: re.Match[str]) -> Found | None:
    first, second, year = match["first"], match["second"], match["third"]
    if not _is_date(int(first), int(second)):
        return None
    if len(year) == 4 and not 1900 <= int(year) <= 2099:
        return None
    if match["mark"] == " " and not (len(year) == 4 and _BIRTH.search(page.before(match.start(), 24))):
        return None
    padded = len(first) == len(second) == 2
    cue = _DATE_CUE.search(page.before(match.start()))
    if len(year) == 2 and "/" not in match["mark"] and not (padded and cue):
        return None
    return Found("date", match.start(), match.end(), sure=True)


def _read_iso(page: Page, match: re.Match[str]) -> Found | None:
    if not _is_day(int(match["day"]), int(match["month"])):
        return None
    return Found("date", match.start(), match.end(), sure=True)


def _read_short(page: Page, match: re.Match[str]) -> Found | None:
    first, second = int(match["first"]), int(match["second"])
    if (first, second) in {(9, 11), (24, 7), (7, 7), (50, 50), (1, 2)} or not _is_date(first, second):
        return None
    before = page.before(match.start())
    # “on the 1/2” is a share, “the 14/3 appointment” is not.
    return (
        Found("date", match.start(), match.end()) if _DATE_CUE.search(before) and not before.endswith("the ") else None
    )


def _read_day_month(page: Page, match: re.Match[str]) -> Found | None:
    if not _is_day(int(match["day"]), _month(match["month"])):
        return None
    before = page.before(match.start())
    if match["of"] and not match["th"] and _COUNTED.search(before):
        return None
    certain = match["th"] or match["of"] or match["year"]
    if not certain and not _shown_as_month(page, match) and not _DATE_CUE.search(before):
        return None
    return Found("date", match.start(), match.end())


def _read_month_day(page: Page, match: re.Match[str]) -> Found | None:
    if not _is_day(int(match["day"]), _month(match["month"])):
        return None
    certain = match["th"] or match["year"]
    if not certain and _UNIT.match(page.after(match.end())):
        return None
    if not certain and not _shown_as_month(page, match) and not _DATE_CUE.search(page.before(match.start())):
        return None
    return Found("date", match.start(), match.end())


def _read_words(page: Page, match: re.Match[str]) -> Found | None:
    return Found("date", match.start(), match.end())


_OLD = r"(?P<age>9\d|1[01]\d|120)"
_OLD_WORD = (
    r"(?:ninety[- ](?:one|two|three|four|five|six|seven|eight|nine)|ninety|(?:a|one) hundred(?: and"
    r" (?:one|two|three|four"
    r"|five|six|seven|eight|nine|ten|eleven|twelve))?)"
)
_YEARS_OLD = r"[ \-]{0,2}(?:(?:years?|yrs?|yr)[ \-]?(?:olds?\b|of age\b|young\b)|y/?o\b|yo\b)"
_THINGS = re.compile(
    r"[ \-]?(?:\w{1,14} )?(?:house|building|tree|church|chapel|book|books|oak|tradition|idea|theory|institution|charity"
    r"|study|method|technique|practice|school|clinic|hospital|company|organisation|organization|problem"
    r"|question|debate|law|letter"
    r"|photo|film|song|recipe|piano|clock|cottage|farmhouse|barn|town|village|city|tortoise|wine|violin|journal|model"
    r"|science|profession|treaty|concept|myth|story|novel|poem|document|wall|bridge|floor|floorboards"
    r"|bricks?|windows?|document)s?\b"
)
_OPEN = re.compile(r" ?\+|s\b| ?(?:and|or) (?:over|up|above|older|beyond|more)\b|-\d| ?%")
_ELDER = (
    r"(?:she|he|mother|father|mum|mom|dad|gran|grandma|grandad|grandpa|granny|nan|nana|client|patient|uncle|aunt|auntie"
    r"|resident|lady|man|woman|gentleman|who)"
)


def _read_age(page: Page, match: re.Match[str]) -> Found | None:
    after = page.after(match.end())
    if _OPEN.match(after) or _THINGS.match(after):
        return None
    begins = match.start("age") if "age" in match.re.groupindex else match.start()
    return Found("age-over-89", begins, match.end())


_NOT_A_PERSON = re.compile(
    r"\b(?:podcast|charity|practice|clinic|blog|newsletter|company|account|school|house|building|group"
    r"|magazine|episode|it)$"
)


_GOES_ON = re.compile(r" ?(?:and|but|now|this|next|last|on|in|when|today|who|so|yet|tomorrow|with|at|years? old)\b")


def _read_spoken_age(page: Page, match: re.Match[str]) -> Found | None:
    after = page.after(match.end())
    if _NOT_A_PERSON.search(page.before(match.start()).rstrip()):
        return None
    if _OPEN.match(after) or _UNIT.match(after) or (re.match(r" ?[a-z]", after) and not _GOES_ON.match(after)):
        return None
    return Found("age-over-89", match.start("age"), match.end("age"))


FORMS = (
    Form(
        PARTED,
        re.compile(
            rf"{BEFORE}(?<!\d[./\-])(?P<first>\d{{1,2}}) ?(?P<mark>[/.\- ]) ?(?P<second>\d{{1,2}}) ?(?P=mark) ?"
            rf"(?P<third>\d{{4}}|\d{{2}})(?!\w|[./\-]\d)"
        ),
        _read_numbers,
    ),
    Form(
        PARTED,
        re.compile(
            rf"{BEFORE}(?<!\d[./\-])(?:19|20)\d\d(?P<mark>[/.\-])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
            rf"(?:(?=t\d)|(?!\w|[./\-]\d))"
        ),
        _read_iso,
    ),
    Form(
        PARTED,
        re.compile(rf"{BEFORE}(?<!\d[./\-])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?!\w|[./\-]\d|%)"),
        _read_short,
    ),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}(?<![$£€])(?<!\d[.,:/])(?:{_RANGE})(?P<day>{_DAY})(?P<th>{_TH})?(?P<of> of)?"
            rf"[ .,\-]{{0,3}}{_MONTH}{AFTER}(?:\.(?=,? ?\d))?{_YEAR}"
        ),
        _read_day_month,
    ),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}{_MONTH}[ .\-]{{1,2}}(?:the )?(?P<day>{_DAY})(?!\d)(?P<th>{_TH}\b)?"
            rf"(?:(?:-| ?to | ?and | ?& ?){_DAY}(?:{_TH})?(?!\d))?"
            rf"{_YEAR}(?![a-z0-9])"
        ),
        _read_month_day,
    ),
    Form(MONTH, re.compile(rf"{BEFORE}(?:{ORDINALS})(?: day)? of {_MONTH}{AFTER}{_YEAR}"), _read_words),
    Form(MONTH, re.compile(rf"{BEFORE}{_MONTH} the (?:{ORDINALS}){AFTER}{_YEAR}"), _read_words),
    Form(DIGIT, re.compile(rf"{BEFORE}(?<!\d-){_OLD}{_YEARS_OLD}"), _read_age),
    Form(AGE, re.compile(rf"{BEFORE}{_OLD_WORD}{_YEARS_OLD}"), _read_age),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}(?:aged?|turn(?:s|ed|ing)?|age of|{_ELDER}(?:'s| is| was| will be)(?: now| nearly| almost|"
            rf" only)?)"
            rf"[ :]{{1,2}}"
            rf"{_OLD}(?![\d/:,]\d|\w|[.]\d)"
        ),
        _read_spoken_age,
    ),
    Form(
        AGE,
        re.compile(
            rf"{BEFORE}(?:aged|age of|turn(?:s|ed|ing)?|{_ELDER}(?:'s| is| was)(?: now)?) (?P<age>{_OLD_WORD}){AFTER}"
        ),
        _read_spoken_age,
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}(?:her|his|their|my|the) (?P<age>9\d|1[01]\d)(?:st|nd|rd|th) birthday{AFTER}"),
        _read_age,
    ),
    Form(AGE, re.compile(rf"{BEFORE}(?:super)?centenarian{AFTER}"), _read_age),
)
