"""Numbers that only their label gives away: records, claims, policies, accounts, licences, plates, serials, codes."""

from __future__ import annotations

import re

from doorframe.engines.screening.identifiers.forms import AFTER, BEFORE, DIGIT, NUMBERED, Form, Found, digits, either
from doorframe.engines.screening.identifiers.page import Page

_STRONG = {
    "medical-record": (
        "mrn|medical record|hospital number|hospital no|hosp no|health record|patient id|chart no|chart number|urn"
    ),
    "health-plan": "medicaid|member id|subscriber id|beneficiary id|insurance id|health plan id|group policy|medicare",
    "account": "acct|account no|account number|bank account|sort code|bsb|routing number|iban",
    "licence": "driver'?s licen[cs]e|driving licen[cs]e|dl|npi",
    "passport": "passport",
    "plate": (
        "licen[cs]e plate|number plate|plate|plates|rego|vehicle reg|reg plate|vehicle registration|car registration"
    ),
    "device": "serial|s/n|sn|device id|imei|udi|pacemaker id|implant id",
}
"""A label that names the kind by itself; a word for "number" may follow."""

_WEAK = {
    "medical-record": "record|chart|patient|client|file|hospital|nhs|nhi|ihi|health ?card|ohip|chi",
    "case-number": "case|docket|court|court file|incident|crime|crime reference|cause|index",
    "health-plan": (
        "claim|claims|policy|member|membership|subscriber|beneficiary|insurance|plan|group|authori[sz]ation|referral"
    ),
    "account": "account|card|invoice|loan|customer",
    "licence": "licen[cs]e|certificate|registration|cert|permit",
    "device": "device|model",
    "unique-code": (
        "reference|ref|booking|order|tracking|student|employee|staff|badge|pass|access|entry|door|alarm"
        "|study|participant|subject"
        "|unique|personal|voter|military|service|inmate|prisoner|pps|ppsn|tax|tfn|ird|sin|ssn|visa"
        "|application|ticket|locker"
    ),
}
"""A label that needs a word for "number", or "#", before what follows it is one."""

_NUMBER = rf"(?:(?:number|num|nbr|no|id|reference|ref){AFTER}\.?|#)"
_CODE = rf"(?:(?:number|num|nbr|no|id|reference|ref|code|pin){AFTER}\.?|#)"
_LINK = r"[ .]{0,2}(?:is|was|are|ends in|ending in|ending)?[ ]{0,2}[:=#\-]{0,2}[ ]{0,2}#?"
_VALUE = r"(?P<value>[a-z0-9][a-z0-9/.\-]{1,30}+(?: \d{2,6}\b)?(?: \d{2,6}\b)?(?: \d{2,6}\b)?)"
_LONG = rf"(?P<value>[a-z]{{0,4}}\d[\d\-]{{5,14}}){AFTER}"
_PLATE = r"(?P<value>[a-z0-9]{1,8}(?:[ \-][a-z0-9]{1,5}\b)?)"
_SMALL_WORDS = either("of with at in on and for to or the a an from by")
_WORDS = re.compile(r"[a-z]{4}")


def _label(kind: str, value: str, page: Page, match: re.Match[str]) -> Found | None:
    value = value.rstrip(".-/")
    count = len(digits(value))
    letters = sum(sign.isalpha() for sign in value)
    if count < 2 or (count == 2 and letters < 2) or _WORDS.search(value):
        return None
    return Found(kind, match.start("value"), match.start("value") + len(value), sure=True)


def _form(kind: str, expression: str, needs: str = DIGIT) -> Form:
    def read(page: Page, match: re.Match[str]) -> Found | None:
        value = match["value"].rstrip(".-/")
        if needs == NUMBERED and len(digits(value)) < 3 and not any(sign.isalpha() for sign in value):
            return None
        return _label(kind, value, page, match)

    return Form(needs, re.compile(expression), read)


def _read_plate(page: Page, match: re.Match[str]) -> Found | None:
    value = match["value"]
    first, _, second = value.replace("-", " ").partition(" ")
    # “plate ab12 was”: the second half of a plate holds a digit, or is three letters written large.
    shown = page.plain[match.end("value") - len(second) : match.end("value")]
    if second and not any(sign.isdigit() for sign in second) and not (len(second) <= 3 and shown.isupper()):
        value = first
    if first in _SMALL_WORDS or not any(sign.isdigit() for sign in value) or len(value) < 3 or _WORDS.search(value):
        return None
    if not any(sign.isalpha() for sign in value) and len(digits(value)) < 4:
        return None
    return Found("plate", match.start("value"), match.start("value") + len(value), sure=True)


def _read_seen_plate(page: Page, match: re.Match[str]) -> Found | None:
    if not page.plain[match.start() : match.end()].isupper():
        return None
    return (
        Found("plate", match.start("value"), match.end("value"), sure=True)
        if _VEHICLE.search(page.before(match.start()))
        else None
    )


_VEHICLE = re.compile(
    r"\b(?:car|van|truck|drives?|driving|vehicle|motorbike|parked|taxi|lorry|corsa|fiesta|golf|mini|reg)\b"
)

FORMS = (
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}(?:{_STRONG['plate']})(?: (?:number|no\.?|#))?(?: is| was)?[ :#]{{1,3}}{_PLATE}{AFTER}"),
        _read_plate,
    ),
    Form(DIGIT, re.compile(rf"{BEFORE}(?P<value>[a-z]{{2}}\d\d ?[a-z]{{3}}){AFTER}"), _read_seen_plate),
    # So many figures after such a word are its number, whether or not anybody says “number”.
    _form("health-plan", rf"{BEFORE}(?:policy|claim|member|membership|subscriber){_LINK}{_LONG}"),
    _form("medical-record", rf"{BEFORE}(?:patient|client|chart|file|record){_LINK}{_LONG}"),
    *(
        _form(kind, rf"{BEFORE}(?:{names}) ?{_NUMBER}?{_LINK}{_VALUE}")
        for kind, names in _STRONG.items()
        if kind != "plate"
    ),
    *(
        _form(kind, rf"{BEFORE}(?:{names}) ?{_CODE if kind == 'unique-code' else _NUMBER}{_LINK}{_VALUE}", NUMBERED)
        for kind, names in _WEAK.items()
    ),
)
