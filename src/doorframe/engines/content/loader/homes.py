"""Where the codes and laws that content holds are in force: read from the head of each file, without its clauses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from doorframe.engines.content.loader.files import heads
from doorframe.engines.content.reader import Parse

_FOLDERS = ("ethics", "law")
_COUNTRIES = {"GB": "UK"}
_PLACE = re.compile(r"(country|region):(\w+)(?:-(\w+))?$")


def homes(folders: tuple[Path, ...], toml: Parse) -> Mapping[str, tuple[str, ...]]:
    """Id of a code or law -> the places where it is in force, "UK" or "CA-ON"; none where it names none.

    A file that cannot be read names none: whoever reads the clauses says what is wrong with it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for head in heads(folders, _FOLDERS):
        try:
            table = toml(head)
        except tomllib.TOMLDecodeError:
            continue
        found[str(table.get("id", ""))] = tuple(dict.fromkeys(_places(table.get("when"))))
    return found


def _places(when: object) -> Iterator[str]:
    """The places that a condition asks for; what it excludes is none of them."""
    if isinstance(when, str) and (match := _PLACE.match(when)):
        country = _COUNTRIES.get(match[2], match[2])
        yield f"{country}-{match[3]}" if match[3] else country
    for part in when if isinstance(when, list) else ():
        yield from _places(part)
    if isinstance(when, dict):
        for key in ("all", "any"):
            yield from _places(when.get(key))
