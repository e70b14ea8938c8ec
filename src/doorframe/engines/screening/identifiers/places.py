"""Street addresses and postcodes of six countries.

Areas smaller than a state are identifiers (45 CFR 164.514(b)(2)(i)(B)). Names of towns are read elsewhere.
"""

from __future__ import annotations

import re

from doorframe.engines.screening.identifiers.forms import (
    AFTER,
    BEFORE,
    DIGIT,
    ENDS,
    FIVE,
    FOUR,
    HOUSE,
    Form,
    Found,
    either,
    whole,
    words_of,
)
from doorframe.engines.screening.identifiers.page import Page

_STATES = (
    "al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny"
    "|nc|nd|oh|ok|or|pa"
    "|pr|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|alabama|alaska|arizona|arkansas|california|colorado"
    "|connecticut|delaware|florida"
    "|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts"
    "|michigan|minnesota"
    "|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north"
    " carolina|north dakota"
    "|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia"
    "|washington|west virginia|wisconsin|wyoming"
)
_STATE_WORDS = either("al in or me hi oh ok id la de ma pa co ga id mo")

_UK_AREAS = either(
    "ab al b ba bb bd bf bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec"
    " eh en ex fk fy g gl"
    " gu gy ha hd hg hp hr hs hu hx ig im ip iv ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn"
    " np nr nw ol ox pa pe"
    " ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa"
    " wc wd wf wn wr ws wv"
    " yo ze"
)
_UNITS = either("st nd rd th ft lb gb tb hr pt yr ph ly ad")

_AU_POSTCODES = {
    "nsw": ((1000, 2599), (2619, 2899), (2921, 2999)),
    "act": ((200, 299), (2600, 2618), (2900, 2920)),
    "vic": ((3000, 3999), (8000, 8999)),
    "qld": ((4000, 4999), (9000, 9999)),
    "sa": ((5000, 5999),),
    "wa": ((6000, 6999),),
    "tas": ((7000, 7999),),
    "nt": ((800, 999),),
}
_AU_NAMES = {
    "new south wales": "nsw", "victoria": "vic", "queensland": "qld", "south australia": "sa",
    "western australia": "wa", "tasmania": "tas", "northern territory": "nt",
}  # fmt: skip
_NZ_TOWNS = (
    "auckland|wellington|christchurch|hamilton|tauranga|dunedin|palmerston north|napier|hastings|nelson"
    "|rotorua|whangarei"
    "|new plymouth|invercargill|whanganui|gisborne|lower hutt|upper hutt|porirua|blenheim|timaru"
    "|queenstown|taupo|masterton"
)
_YEARS = range(1900, 2100)

_LABEL = words_of(("zip", "zip ?code", "post ?code", "postal code", "eircode"))


def _read_zip(page: Page, match: re.Match[str]) -> Found | None:
    state, written = match["state"], page.plain[match.start("state") : match.end("state")]
    if len(state) == 2 and not written.isupper():
        return None
    if state in _STATE_WORDS and not re.search(r"\w, ?$", page.before(match.start(), 4)):
        return None
    return Found("postcode", match.start("code"), match.end("code"), sure=True)


def _read_labelled(page: Page, match: re.Match[str]) -> Found | None:
    return Found("postcode", match.start("code"), match.end("code"), sure=True)


def _read_uk(page: Page, match: re.Match[str]) -> Found | None:
    if match["area"] not in _UK_AREAS:
        return None
    written = page.plain[match.start() : match.end()]
    unit = match["inward"][1:]
    labelled = bool(_LABEL.search(page.before(match.start(), 24)))
    if not labelled and not written[-2:].isupper() and (unit in _UNITS or written[:1].isupper()):
        return None
    if not labelled and unit in {"st", "nd", "rd", "th"} and match["inward"] in {"1st", "2nd", "3rd"}:
        return None
    return Found("postcode", match.start(), match.end(), labelled)


def _read_eircode(page: Page, match: re.Match[str]) -> Found | None:
    rest = match["rest"]
    if rest.isalpha() or rest.isdigit():
        return None
    return Found("postcode", match.start(), match.end())


def _read_au(page: Page, match: re.Match[str]) -> Found | None:
    state, code = match["state"], int(match["code"])
    written = page.plain[match.start("state") : match.end("state")]
    if len(state) <= 3 and not written.isupper():
        return None
    if not any(low <= code <= high for low, high in _AU_POSTCODES[_AU_NAMES.get(state, state)]):
        return None
    # “Mental Health Month NSW 2026” is a year.
    if 2018 <= code <= 2032 and not re.search(r"\d.*, ?(?:\w+ )?$", page.before(match.start(), 60)):
        return None
    return Found("postcode", match.start("code"), match.end("code"), sure=True)


def _read_nz(page: Page, match: re.Match[str]) -> Found | None:
    if int(match["code"]) in _YEARS or not page.plain[match.start()].isupper():
        return None
    return Found("postcode", match.start("code"), match.end("code"))


_STRONG = (
    "street|avenue|ave|road|rd|lane|crescent|cres|terrace|tce|boulevard|blvd|highway|hwy|parkway|pkwy|parade|pde|mews"
    "|esplanade"
)
_WEAK = (
    "st|ln|drive|dr|court|ct|place|pl|close|way|square|sq|gardens|gdns|grove|circle|cir|trail|row|walk"
    "|rise|hill|view|quay"
    "|green|park|loop|bend|alley|heights|vale|wharf"
)
_NAMED_BY_TYPE = either(
    "avenue green crescent close grove drive lane square mews terrace parade gardens esplanade boulevard quay"
)
_NOT_STREETS = either(
    "a an the of on in down up to from my our your his her their this that these those per minute"
    " minutes min mins hour hours"
    " mile miles km day days week weeks month months year years way ways step steps tip tips reason"
    " reasons sign signs thing"
    " things people clients person client kids children dogs cats times more new bedroom bed bath room"
    " rooms and or for with at"
    " by as is are was were it its we you they i he she not no some any free off percent am pm session"
    " sessions lane lanes yards"
    " metres meters feet blocks block doors minutes' hours' different better good quick one two both"
    " into along across past"
    " private first second third last next part parts hard easy healthy little big group groups places"
    " spaces spots cars"
)
_WORD = r"[\w'.]{1,24}+"
_UNIT = r"(?:(?:flat|apt|apartment|unit|suite|ste|level|lot)\.? ?#?\w{1,5},? )?"
_NUMBER = r"(?:\d{1,4}/)?\d{1,5}[a-f]?(?:-\d{1,5}[a-f]?)?"


def _read_street(page: Page, match: re.Match[str]) -> Found | None:
    named, kind = match["name"].split(), match["type"]
    written = page.plain[match.start("name") : match.end("type")].split()
    capital = all(word[0].isupper() or word[0].isdigit() for word in written)
    if named[0] == "the" and len(named) == 1:
        return _street(page, match) if capital and kind in _NAMED_BY_TYPE else None
    if any(word.strip(".'") in _NOT_STREETS for word in named):
        return None
    strong = re.fullmatch(_STRONG, kind) is not None
    if not strong and (not capital or len(named) > 2):
        return None
    if not capital and len(named) > 2:
        return None
    return _street(page, match)


def _street(page: Page, match: re.Match[str]) -> Found | None:
    # “2026 Main Street Report” and “5 Baker Street plays” stay addresses; “10 Wall Street-style” does not.
    if page.after(match.end(), 6).startswith(("-style", "-type")):
        return None
    return Found("street-address", match.start(), match.end(), sure=True)


HOUSE_STREET = re.compile(
    r", [A-Z][\w']{1,20} (?:[A-Z][\w']{1,20} )?(?:Street|Road|Lane|Avenue|Drive|Hill|Close|Row|Green|Terrace)\b"
)
"""What follows the name of a house without a number."""
_HOUSE = re.compile(
    r"(?:[A-Z][\w']{1,20} )?[A-Z][\w']{1,20} (?:Cottage|House|Lodge|Farm|Farmhouse|Vicarage|Rectory|Barn"
    r"|Mill|Villa|Croft)$"
)


def _read_house(page: Page, match: re.Match[str]) -> Found | None:
    begins = page.plain[max(0, match.start() - 66) : match.start()]
    house = _HOUSE.search(begins)
    if not house:
        return None
    return Found("street-address", match.start() - len(begins) + house.start(), match.end())


_IN = r"[abd-hjlnp-uw-z]"
_KEY = r"(?:[ac-fhknprtv-y]\d\d|d6w)"
_PLACE = r"[ac-fhknprtv-y0-9]"

FORMS = (
    Form(
        FIVE, re.compile(rf"{BEFORE}(?P<state>{_STATES})[.,]? {{1,2}}(?P<code>\d{{5}}(?:-\d{{4}})?){ENDS}"), _read_zip
    ),
    Form(FIVE, re.compile(rf"{BEFORE}(?<![$£€\-])\d{{5}}-\d{{4}}{ENDS}"), whole("postcode")),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}(?:zip(?: ?code)?|post ?code|postal code|eircode)(?: is| was)?[ :]{{1,3}}"
            rf"(?P<code>\d{{5}}(?:-\d{{4}})?|\d{{4}}|[a-z]{{1,2}}\d[a-z0-9]?(?: ?\d[a-z]{{2}})?){AFTER}"
        ),
        _read_labelled,
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}[abceghj-nprstvxy]\d[abceghj-nprstv-z][ \-]?\d[abceghj-nprstv-z]\d{AFTER}"),
        whole("postcode"),
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}(?<!#)(?P<area>[a-z]{{1,2}})\d[a-z0-9]? ?(?P<inward>\d{_IN}{{2}}){AFTER}"),
        _read_uk,
    ),
    Form(DIGIT, re.compile(rf"{BEFORE}{_KEY}[ \-]?(?P<rest>{_PLACE}{{4}}){AFTER}"), _read_eircode),
    Form(
        FOUR,
        re.compile(rf"{BEFORE}(?P<state>{'|'.join((*_AU_POSTCODES, *_AU_NAMES))}),? {{1,2}}(?P<code>\d{{4}}){ENDS}"),
        _read_au,
    ),
    Form(FOUR, re.compile(rf"{BEFORE}(?:{_NZ_TOWNS}),? (?P<code>\d{{4}}){ENDS}"), _read_nz),
    Form(
        DIGIT,
        re.compile(
            rf"{BEFORE}(?<![$£€#])(?<!\d[.,:/\-]){_UNIT}{_NUMBER} (?:[nsew]\.? |north |south |east |west )?"
            rf"(?P<name>{_WORD}(?: {_WORD})?(?: {_WORD})?(?: {_WORD})?) (?P<type>{_STRONG}|{_WEAK})\b(?!')"
            rf"(?:\.? (?:nw|ne|sw|se|n|s|e|w|north|south|east|west)\b)?"
            rf"(?:,? (?:apt|apartment|unit|suite|ste|flat|#)\.? ?#?\w{{1,5}})?"
        ),
        _read_street,
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}\d{{1,5}},? (?:rue|boul\.?|chemin|ch\.) (?:de |du |des |de la |d')?[\w'\-]{{3,30}}+"),
        whole("street-address"),
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}(?:p\.? ?o\.? ?box|locked bag|private bag) ?#?\d{{1,6}}{AFTER}"),
        whole("street-address"),
    ),
    Form(
        DIGIT,
        re.compile(rf"{BEFORE}(?:flat|apt\.?|apartment) ?#?\d{{1,4}}[a-f]?{AFTER}"),
        whole("street-address"),
    ),
    Form(HOUSE, HOUSE_STREET, _read_house, cased=True),
)
