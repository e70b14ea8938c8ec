"""Numbers of people, cards, accounts and things that carry a check digit or a form of their own.

Several kinds share a length: nine digits may be an American, Canadian, Australian or New Zealand number. A label beside
the number decides; without one the way it is grouped, then the check digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from doorframe.engines.screening.identifiers import checksums
from doorframe.engines.screening.identifiers.forms import (
    AFTER,
    ALONE,
    BEFORE,
    DIGIT,
    ENDS,
    FOUR,
    HARMLESS,
    MANY,
    Form,
    Found,
    Reader,
    compact,
    digits,
    shape,
    spaced,
    words_of,
)
from doorframe.engines.screening.identifiers.page import Page
from doorframe.engines.screening.identifiers.telephones import cued

_G = r"[ .\-/]{0,3}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of number of one length: what checks it, what labels it, and the groupings that need no label."""

    kind: str
    valid: Callable[[str], bool]
    label: re.Pattern[str]
    shapes: frozenset[tuple[int, ...]] = frozenset()


def _always(signs: str) -> bool:
    return True


def _is_ihi(signs: str) -> bool:
    return signs.startswith("800360") and checksums.luhn(signs)


def _is_imei(signs: str) -> bool:
    return checksums.luhn(signs)


def _is_card(signs: str) -> bool:
    return signs[0] in "23456" and not signs.startswith(("20", "21", "60031")) and checksums.luhn(signs)


def _is_mbi(signs: str) -> bool:
    return not set(signs) & set("SLOIBZ")


_SSN = words_of(("ssns?", "social security", "social"))
_SIN = words_of(("sin", "social insurance", "nas"))
_TFN = words_of(("tfn", "tax file"))
_IRD = words_of(("ird", "inland revenue", "tax number"))
_NHS = words_of(("nhs", "national health"))
_NI = words_of(("ni", "nino", "n\\.i\\.", "national insurance"))
_PPS = words_of(("pps", "ppsn", "pps no", "personal public service"))
_MEDICARE = words_of(("medicare",))
_IHI = words_of(("ihi", "health ?care identifier", "healthcare identifier"))
_NHI = words_of(("nhi", "health index"))
_IMEI = words_of(("imei",))
_CARD = words_of(("card", "visa", "mastercard", "amex", "debit", "credit"))
_VIN = words_of(("vin", "chassis", "vehicle identification"))
_HEALTH_CARD = words_of(("ohip", "health card", "phn", "care card", "ramq", "health number", "chi"))

_NINE = frozenset({(3, 3, 3)})
_ONES = tuple(frozenset({(1,) * count}) for count in range(20))

_BY_LENGTH: dict[int, tuple[_Kind, ...]] = {
    8: (
        _Kind("nz-ird", checksums.ird, _IRD, frozenset({(2, 3, 3)})),
    ),
    9: (
        _Kind("us-ssn", checksums.ssn, _SSN, frozenset({(3, 2, 4)})),
        _Kind("ca-sin", checksums.luhn, _SIN, _NINE),
        _Kind("au-tfn", checksums.tfn, _TFN, _NINE),
        _Kind("nz-ird", checksums.ird, _IRD, _NINE),
    ),
    10: (
        _Kind("uk-nhs-number", checksums.nhs, _NHS, frozenset({(3, 3, 4)})),
        _Kind("au-medicare", checksums.medicare, _MEDICARE, frozenset({(4, 5, 1)})),
        _Kind("health-card", _always, _HEALTH_CARD),
    ),
    11: (_Kind("au-medicare", checksums.medicare, _MEDICARE, frozenset({(4, 5, 1, 1), (4, 5, 2)})),),
    13: (_Kind("card", lambda signs: signs[0] == "4" and checksums.luhn(signs), _CARD),),
    14: (_Kind("card", _is_card, _CARD, frozenset({(4, 6, 4)})),),
    15: (
        _Kind("imei", _is_imei, _IMEI, frozenset({(2, 6, 6, 1), (15,)})),
        _Kind("card", _is_card, _CARD, frozenset({(4, 6, 5), (15,)}) | _ONES[15]),
    ),
    16: (
        _Kind("au-ihi", _is_ihi, _IHI, frozenset({(16,), (4, 4, 4, 4), (6, 10)})),
        _Kind("card", _is_card, _CARD, frozenset({(16,), (4, 4, 4, 4)}) | _ONES[16]),
    ),
    19: (_Kind("card", _is_card, _CARD, frozenset({(19,), (4, 4, 4, 4, 3)})),),
}  # fmt: skip


def _reader(kinds: tuple[_Kind, ...]) -> Reader:
    def read(page: Page, match: re.Match[str]) -> Found | None:
        signs = digits(match.group())
        possible = [one for one in kinds if one.valid(signs)]
        if not possible:
            return None
        before, groups = page.before(match.start()), shape(match.group())
        for one in possible:
            if one.label.search(before):
                return Found(one.kind, match.start(), match.end(), sure=True)
        for one in possible:
            if groups in one.shapes and _unlabelled(one, page, match):
                return Found(one.kind, match.start(), match.end())
        return None

    return read


def _unlabelled(one: _Kind, page: Page, match: re.Match[str]) -> bool:
    """Whether a number may be of a kind that no word beside it names."""
    words = match.group()
    if one.kind == "uk-nhs-number":
        return words[0] in "34679" and "-" not in words and "." not in words and not cued(page, match.start())
    if one.kind == "imei" and len(words) == 15:
        return words.startswith(("01", "35", "86", "99"))
    if one.kind == "card" and len(digits(words)) == 15:
        return words.startswith(("34", "37"))
    # A nought in front is a telephone number of New Zealand or Ireland; no Canadian number begins with an eight.
    if one.shapes is _NINE and (words[0] == "0" or (one.kind == "ca-sin" and words[0] == "8")):
        return False
    if one.shapes is _NINE:
        return "." not in words and "/" not in words and (one.kind != "nz-ird" or "-" in words)
    return "/" not in words or one.kind == "au-medicare"


def _read_nine_labelled_last_four(page: Page, match: re.Match[str]) -> Found | None:
    return Found("us-ssn", match.start("last"), match.end("last"), sure=True)


def _read_itin(page: Page, match: re.Match[str]) -> Found | None:
    return Found("unique-code", match.start(), match.end())


def _read_insurance(page: Page, match: re.Match[str]) -> Found | None:
    signs = compact(match.group())
    if signs[:2] in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}:
        return None
    labelled = bool(_NI.search(page.before(match.start())))
    written = page.plain[match.start() : match.end()]
    if not labelled and written.islower() and len(written) > 10:
        return None
    return Found("uk-ni-number", match.start(), match.end(), labelled)


def _checked(kind: str, valid: Callable[[str], bool], label: re.Pattern[str]) -> Reader:
    """Reads a number of letters and digits by its check sign."""

    def read(page: Page, match: re.Match[str]) -> Found | None:
        if not valid(compact(match.group())):
            return None
        return Found(kind, match.start(), match.end(), bool(label.search(page.before(match.start()))))

    return read


def _read_nhi(page: Page, match: re.Match[str]) -> Found | None:
    labelled = bool(_NHI.search(page.before(match.start())))
    # Three letters and a year, “APA2026”, are a conference.
    if not checksums.nhi(compact(match.group())) or (not labelled and re.search(r"(?:19|20)\d\d$", match.group())):
        return None
    if not labelled and (" " in match.group() or page.before(match.start(), 1) == "#"):
        return None
    return Found("nz-nhi", match.start(), match.end(), labelled)


def _read_vin(page: Page, match: re.Match[str]) -> Found | None:
    signs, labelled = compact(match.group()), bool(_VIN.search(page.before(match.start())))
    mixed = any(sign.isalpha() for sign in signs) and sum(sign.isdigit() for sign in signs) >= 4
    if not (mixed and checksums.vin(signs)) and not (labelled and mixed):
        return None
    return Found("vin", match.start(), match.end(), labelled)


def _read_iban(page: Page, match: re.Match[str]) -> Found | None:
    wanted, end, signs = checksums.iban_length(match.group()[:2].upper()), match.start(), ""
    for place in range(match.start(), min(len(page.low), match.start() + 60)):
        sign = page.low[place]
        if sign.isascii() and sign.isalnum():
            signs, end = signs + sign.upper(), place + 1
        elif sign not in " -." or len(signs) >= wanted:
            break
        if len(signs) > wanted:
            return None
    return Found("iban", match.start(), end, sure=True) if wanted == len(signs) and checksums.iban(signs) else None


def _harmless(page: Page, match: re.Match[str]) -> Found | None:
    return Found(HARMLESS, match.start(), match.end(), sure=True)


_SIGN = "[a-hj-npr-z0-9]"

FORMS = (
    *(
        Form(MANY, re.compile(rf"{ALONE}\d{spaced(count - 1, _G)}{ENDS}"), _reader(kinds))
        for count, kinds in sorted(_BY_LENGTH.items(), reverse=True)
    ),
    Form(
        FOUR,
        re.compile(
            rf"{BEFORE}(?:ssn|social security|social)(?: number)?(?: is| was)? (?:ending|ends)(?: in| with)? "
            rf"(?P<last>\d{{4}}){AFTER}"
        ),
        _read_nine_labelled_last_four,
    ),
    Form(
        FOUR,
        re.compile(
            rf"{BEFORE}last (?:four|4)(?: digits)?(?: of)? (?:\w{{1,12}} )?(?:ssn"
            rf"|social)\W{{1,4}}(?P<last>\d{{4}}){AFTER}"
        ),
        _read_nine_labelled_last_four,
    ),
    Form(MANY, re.compile(rf"{ALONE}9\d\d[ \-][5-9]\d[ \-]\d{{4}}{ENDS}"), _read_itin),
    Form(
        MANY,
        re.compile(rf"{BEFORE}[a-ceghj-prtw-z][a-ceghj-nprtw-z]{_G}\d{spaced(5, _G)}[ .\-]{{0,2}}[a-d]{AFTER}"),
        _read_insurance,
    ),
    Form(
        MANY,
        re.compile(rf"{ALONE}\d{{7}}[ \-]?[a-w](?:[a-i]|w)?{AFTER}"),
        _checked("ie-pps", checksums.pps, _PPS),
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}[a-hj-np-z]{{3}} ?\d\d(?:\d\d|[a-hj-np-z]{{2}}){AFTER}"),
        _read_nhi,
    ),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ \-]?[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ \-]?"
            rf"[ac-hjkmnp-rt-y]{{2}}\d\d{AFTER}"
        ),
        _checked("us-mbi", _is_mbi, _MEDICARE),
    ),
    Form(DIGIT, re.compile(rf"{BEFORE}[a-z]{{2}}\d\d(?=[ \-.]{{0,2}}[a-z0-9]{{2}})"), _read_iban),
    Form(DIGIT, re.compile(rf"{BEFORE}{_SIGN}{{17}}{AFTER}"), _read_vin),
    # The number of a book or of an article is nobody's.
    Form(
        MANY,
        re.compile(rf"{BEFORE}(?:isbn[ \-:0-9]{{0,6}}97[89]|97[89])[ \-]?\d{spaced(9, '[ -]?')}{AFTER}"),
        _harmless,
    ),
    Form(MANY, re.compile(rf"{BEFORE}isbn(?:-1[03])?:? ?\d{spaced(8, '[ -]?')}[ \-]?[\dx]{AFTER}"), _harmless),
    Form(FOUR, re.compile(rf"{BEFORE}issn:? ?\d{{4}}-\d{{3}}[\dx]{AFTER}"), _harmless),
    Form(FOUR, re.compile(r"(?<![\w.])10\.\d{4,6}/[^\s<>\"]{1,200}+"), _harmless),
)
