"""Somebody's words on one line of a report, whatever they hold."""

from __future__ import annotations

import unicodedata

from doorframe.adapters.render.words import shorten


def shown(text: str, longest: int) -> str:
    """At most so many signs, without those that steer or turn words around. Joined letters stay joined."""
    begin = text[: 4 * longest]
    seen = "".join(
        one for one in begin if one in "\u200c\u200d" or one.isspace() or unicodedata.category(one)[0] != "C"
    )
    return shorten(seen, longest)
