"""A made-up language: every sentence stands between ⟦ and ⟧, so that one which nobody could translate is seen."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Iterable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

from doorframe.engines.content import loader

OPEN, CLOSE = "⟦", "⟧"

WORDS = {
    "after", "after_title", "agree", "asked", "authority", "call", "client", "controls", "explain", "help", "hint",
    "how", "intro", "label", "last", "message", "name", "opening", "paper", "phrase", "remark", "sentence", "staff",
    "statement", "summary", "text", "title", "where", "why", "why_required",
}  # fmt: skip
"""What a translator translates in a TOML file, by its key."""

LISTS = {"numbers", "points"}
"""Lists whose every item is words."""

TABLES = {"labels", "messages", "names", "solo", "group", "topics"}
"""Tables whose every value is words."""

NAMED = ("ethics/", "law/")
"""Folders in which `name` and `title` are names of bodies, codes and laws, which no language changes."""


FILLED = re.compile(r"(\{[\w.]+\}|%\(\w+\)[sd]|%%)")
"""What is filled in later stays outside of the marks: it must bring its own."""


TEXT = "a default in words"


def wrap(text: str) -> str:
    """The text with its words between the marks; signs alone and what is filled in are left as they are."""
    parts = FILLED.split(text)
    return "".join(
        part if FILLED.fullmatch(part) or not re.search(r"[^\W\d_]", part) else f"{OPEN}{part}{CLOSE}" for part in parts
    )


def overlay(folder: Path, files: Iterable[Path] | None = None) -> Path:
    """A language folder: every content file of ours, with every sentence between the marks."""
    for source in sorted(files or loader.OWN.rglob("*")):
        name = source.relative_to(loader.OWN).as_posix()
        if source.suffix not in {".toml", ".md"} or name == "language/en-US.toml":
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(_prose(text) if source.suffix == ".md" else _table(name, text), encoding="utf-8")
    return folder


def _prose(text: str) -> str:
    """Every line below the front matter is a sentence, or an item of a list."""
    found, head = [], False
    for line in text.splitlines():
        if line.strip() == "+++":
            head = not head
        elif not head and line.strip():
            bullet = "- " if line.startswith("- ") else ""
            line = bullet + wrap(line.removeprefix("- "))
        found.append(line)
    return "\n".join(found) + "\n"


def _table(name: str, text: str) -> str:
    words = WORDS - {"name", "title"} if name.startswith(NAMED) and name != "law/crisis.toml" else WORDS
    table = _wrapped(tomllib.loads(text), words)
    if name == "law/crisis.toml":  # "111, then option 2"
        for line in table["lines"]:
            line["number"] = wrap(line["number"]) if re.search("[a-z]{2}", line["number"]) else line["number"]
    if name == "language/grammar.toml":
        table |= {"tag": "xx", "months": [wrap(month) for month in table["months"]]}
    return "".join(f"{json.dumps(key)} = {_literal(value)}\n" for key, value in table.items())


def _wrapped(table: dict[str, Any], words: set[str], all_words: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.items():
        is_text = table.get("kind") in {"text", "long-text"} or table.get(TEXT)
        if isinstance(value, str) and (all_words or key in words or (key in {"default", "value"} and is_text)):
            found[key] = "\n".join(wrap(line) for line in value.split("\n"))
        elif isinstance(value, dict) and key not in {"when", "required_when"}:
            found[key] = _wrapped(value, words, key in TABLES)
        elif key in LISTS:
            found[key] = [wrap(item) for item in value]
        elif isinstance(value, list) and key not in {"matches", "passes"}:
            inside = {TEXT: True} if key == "defaults" and is_text else {}
            found[key] = [_wrapped({**item, **inside}, words) if isinstance(item, dict) else item for item in value]
        elif key in {"limit", "profile_limit"} and isinstance(value, int):
            found[key] = 10 * value  # the marks take room too
        elif key != TEXT:
            found[key] = value
    return found


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def outside(text: str) -> str:
    """What stands outside of every pair of marks."""
    found, depth = [], 0
    for sign in text:
        if sign == OPEN:
            depth += 1
        elif sign == CLOSE:
            depth -= 1
            assert depth >= 0, "a mark was closed that was not open"
            found.append(" ")
        elif not depth:
            found.append(sign)
    assert depth == 0 or "…" in text[-40:], "a mark stayed open that no ellipsis cut"
    return "".join(found)


def left(text: str, names: Iterable[str]) -> list[str]:
    """The words outside of the marks that are no names: what nobody could have translated."""
    rest = " ".join(outside(text).split())
    for name in sorted({" ".join(name.split()).rstrip(".") for name in names} - {""}, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest, flags=re.IGNORECASE)
    return re.findall(r"[^\W\d_]{2,}", rest)


class _Text(HTMLParser):
    """What a person sees or hears of a page: text, and the attributes that are read aloud."""

    SPOKEN = {"alt", "aria-label", "placeholder", "title", "content"}

    def __init__(self, silent: Iterable[str]) -> None:
        super().__init__()
        self.silent_tags = {"script", "style", *silent}
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.silent_tags
        given = dict(attributes)
        if tag == "meta" and given.get("name") != "description":
            return
        self.parts += [f" {value} " for key, value in attributes if key in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.silent_tags
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def seen(page: str, without: Iterable[str] = ()) -> str:
    """The words of an HTML page. without names elements to leave out."""
    reader = _Text(without)
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)


def plain_markdown(text: str) -> str:
    """Markdown without its links' targets and its escapes."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"\]\(<[^>]*>\)", "]", text).replace("\\\n", "\n"))


def plain_word(data: bytes) -> str:
    """The words of a Word file: its text, its header and its footer."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = [package.read(f"word/{name}.xml").decode() for name in ("header1", "document", "footer1")]
    text = re.sub(r"<w:instrText[^>]*>[^<]*</w:instrText>", "", "\n".join(parts))
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:(?:tab|br)/>", "\n", text)))
