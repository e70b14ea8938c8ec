"""E-mail and web addresses, handles, and the numbers of machines on a network."""

from __future__ import annotations

import ipaddress
import re

from doorframe.engines.screening.identifiers.forms import (
    AFTER,
    AT,
    BEFORE,
    COLONS,
    DIGIT,
    DOT,
    LINK,
    PARTED,
    REDDIT,
    SPELLED,
    Form,
    Found,
    either,
    whole,
)
from doorframe.engines.screening.identifiers.page import Page

_ENDINGS = either(
    "com org net edu gov mil info biz uk ie ca au nz eu de fr es it nl za in us io co ai tv app dev blog site "
    "website clinic health care life online therapy social page link"
)
_PLAIN_ENDINGS = either("com org net edu gov info biz uk ie ca au nz eu de fr nl io")
"""Endings that are no English word: a full stop without a space after it makes none of these."""
_SHORTENERS = either("me ee ly be gl")

_HOSTS = "gmail|googlemail|outlook|hotmail|live|yahoo|ymail|icloud|proton|protonmail|aol|btinternet|xtra|bigpond|eircom"
_SIGN = r"(?:@|[(\[{<] ?at ?[)\]}>]| at )"
_POINT = r" ?(?:[(\[{<] ?dot ?[)\]}>]| dot ) ?"
_NOT_NAMES = either(
    "us me look looking is it or book website online here out more read and visit available site page click find "
    "found up them everyone now all"
)
_PLACES = either("home work school noon lunch church here all everyone channel followers highlight gym uni")
_TIME = re.compile(r"\d{1,2}(?:am|pm|ish)?|\d{3,4}|\d{1,2}h\d{0,2}")


def _ended(words: str) -> str:
    """Without the full stops, brackets and quotation marks that belong to the sentence."""
    return words.rstrip(".,;:!?'\"*_)]}>-")


def _read_mail(page: Page, match: re.Match[str]) -> Found | None:
    address = _ended(match.group())
    domain = address.rpartition("@")[2]
    ending = domain.rpartition(".")[2]
    if "." not in domain or not ending.isalpha() or len(ending) < 2:
        return None
    return Found("email", match.start(), match.start() + len(address), sure=True)


def _read_spelled_mail(page: Page, match: re.Match[str]) -> Found | None:
    name = match["name"]
    if name in _NOT_NAMES and " at " in match["at"]:
        return None
    return Found("email", match.start(), match.end(), sure=True)


def _read_handle(page: Page, match: re.Match[str]) -> Found | None:
    handle = match.group().rstrip(".-") if match.group().strip("@._-") else ""
    name = handle.removeprefix("@")
    if not name or name in _PLACES or _TIME.fullmatch(name):
        return None
    return Found("handle", match.start(), match.start() + len(handle))


def _read_link(page: Page, match: re.Match[str]) -> Found | None:
    link = _ended(match.group())
    return Found("url", match.start(), match.start() + len(link), sure=True)


def _read_domain(page: Page, match: re.Match[str]) -> Found | None:
    address = _ended(match.group())
    host, slash, _ = address.partition("/")
    ending = host.rpartition(".")[2]
    known = _ENDINGS | _SHORTENERS if slash else _PLAIN_ENDINGS
    if ending not in known or (not slash and len(host.partition(".")[0]) < 2):
        return None
    shown = page.plain[match.start() : match.start() + len(host)].rpartition(".")
    # “Thanks.Ca va”: a sentence that lacks its space.
    if shown[2] != ending and not (shown[2].isupper() and shown[0].isupper()):
        return None
    return Found("url", match.start(), match.start() + len(address))


def _read_ipv4(page: Page, match: re.Match[str]) -> Found | None:
    parts = match.group().split(".")
    if any(int(part) > 255 or (len(part) > 1 and part[0] == "0") for part in parts):
        return None
    if re.search(r"(?:\bv|version|release|section|chapter|clause)[ .]*$", page.before(match.start(), 12)):
        return None
    return Found("ip-address", match.start(), match.end())


def _read_ipv6(page: Page, match: re.Match[str]) -> Found | None:
    address = match.group().rstrip(":") if not match.group().endswith("::") else match.group()
    if sum(sign != ":" for sign in address) < 4 or address.count(":") < 2:
        return None
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return None
    return Found("ip-address", match.start(), match.start() + len(address))


def _read_mac(page: Page, match: re.Match[str]) -> Found | None:
    if "-" in match.group() and not any(sign.isalpha() for sign in match.group()):
        return None
    return Found("mac-address", match.start(), match.end())


_PAIR = r"[0-9a-f]{2}"

FORMS = (
    Form(AT, re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-][\w.-]{2,250}"), _read_mail),
    Form(
        SPELLED,
        re.compile(
            rf"(?<![\w.+-])(?:[\w-]{{1,40}} dot )?(?P<name>[\w.+-]++) ?(?P<at>{_SIGN}) ?[\w-]{{1,60}}{_POINT}"
            rf"(?:co{_POINT})?(?:com|org|net|uk|ie|ca|au|nz|edu|gov|io|me|info|co){AFTER}"
        ),
        _read_spelled_mail,
    ),
    Form(
        SPELLED,
        re.compile(
            rf"(?<![\w.+-])(?P<name>[\w.+-]++) ?"
            rf"(?P<at>[(\[{{<] ?at ?[)\]}}>]) ?[\w-]{{1,60}}\.(?:[\w-]{{1,60}}\.)?[a-z]{{2,10}}{AFTER}"
        ),
        _read_spelled_mail,
    ),
    Form(
        DOT,
        re.compile(
            rf"(?<![\w.+-])(?P<name>[\w.+-]++)(?P<at> at )(?:{_HOSTS})(?:\.| dot )(?:com|co\.uk|ie|net|me){AFTER}"
        ),
        _read_spelled_mail,
    ),
    Form(AT, re.compile(r"(?<![\w@.])@[\w][\w.]{1,60}+(?:@[\w-][\w.-]{2,200})?"), _read_handle),
    Form(REDDIT, re.compile(r"(?<![\w/])/?u/[\w-]{3,30}+"), whole("handle")),
    Form(LINK, re.compile(rf"{BEFORE}(?:https?|ftp)://[^\s<>\"]{{2,2000}}+"), _read_link),
    Form(DOT, re.compile(rf"{BEFORE}www\.[^\s<>\"]{{3,2000}}+"), _read_link),
    Form(DOT, re.compile(r"(?<![\w@./-])[\w-]++\.[\w.-]{2,250}+(?:/[^\s<>\"]{0,2000}+)?"), _read_domain),
    Form(PARTED, re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\w|\.\d)"), _read_ipv4),
    Form(COLONS, re.compile(r"(?<![\w:.])[0-9a-f:]{4,39}(?![\w:]|\.\d)"), _read_ipv6),
    Form(COLONS, re.compile(rf"(?<![\w:-]){_PAIR}(?::{_PAIR}){{5}}(?![\w:-])"), _read_mac),
    Form(DIGIT, re.compile(rf"(?<![\w:-]){_PAIR}(?:-{_PAIR}){{5}}(?![\w:-])"), _read_mac),
)
