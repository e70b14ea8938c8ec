"""Answers as they come from people: checked against the questions, with one clear sentence for each problem."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from doorframe.engines.content.schema import Field, Pack

LARGEST_FILE = 300_000
"""Bytes. A full answers file is about 20 kB; anything far larger is some other file."""

LARGEST_TABLE = 60
"""Rows in one list, such as accounts."""

MOST_OPTIONS = 12
"""Options that a sentence names; a longer list is cut, and says how many more there are."""

# Signs that nobody types: control signs, line ends of other systems, half characters, and the marks that turn the
# direction of everything after them. Marks that only say "this word runs right to left" stay.
_MOST_DOTS = 60
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udfff]"
)
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_URL = re.compile(r"(https?://)?[^\s<>\"/]+\.[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """What is wrong with one answer, in a sentence; field is its id, or "" for the file as a whole."""

    field: str
    message: str


class Refused(ValueError):
    """An answer that cannot be kept, and why; `sentence` says it in the language of the pack."""

    def __init__(self, message: str, field: Field, **values: object) -> None:
        super().__init__(message, field.id, values)
        self.message, self.field, self.values = message, field, values

    def sentence(self, pack: Pack, called: str = "") -> str:
        """One sentence for a person. called names the question on a page; in a file it goes by its id."""
        return pack.say(self.message, **{"field": called or self.field.id, **self.values})


def read_toml(pack: Pack, text: str) -> tuple[dict[str, object], list[AnswerProblem]]:
    """Parse an answers file. A file that is no TOML gives one problem with its line."""
    if len(text) > LARGEST_FILE:
        return {}, [AnswerProblem("", pack.say("file_too_large", size=len(text) // 1000))]
    if _is_too_deep(text):
        return {}, [AnswerProblem("", pack.say("file_too_deep"))]
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        return {}, [AnswerProblem("", pack.say("file_not_toml", error=error))]
    except RecursionError:
        return {}, [AnswerProblem("", pack.say("file_too_deep"))]
    except ValueError:
        return {}, [AnswerProblem("", pack.say("file_number"))]


def _is_too_deep(text: str) -> bool:
    """Whether a line outside quotes holds more dots than keys ever have: such keys take the parser minutes."""
    return any(
        _QUOTED.sub("", line).count(".") > _MOST_DOTS for line in text.splitlines() if line.count(".") > _MOST_DOTS
    )


def check(pack: Pack, raw: Mapping[str, object]) -> tuple[dict[str, object], list[AnswerProblem]]:
    """The answers that can be used, and a problem for each that cannot. Nothing is guessed."""
    answers: dict[str, object] = {}
    problems: list[AnswerProblem] = []
    for key, value in raw.items():
        if key in {"doorframe", "pack"}:
            continue
        field = pack.fields.get(key)
        if field is None:
            problems.append(AnswerProblem(key, _unknown(pack, key)))
            continue
        try:
            answers[key] = clean(field, value)
        except Refused as error:
            problems.append(AnswerProblem(key, error.sentence(pack)))
    return answers, problems


def _unknown(pack: Pack, key: str) -> str:
    shown = key if len(key) <= 60 else f"{key[:60]}…"
    near = difflib.get_close_matches(key[:60], pack.fields, n=1)
    return pack.say("did_you_mean", key=shown, near=near[0]) if near else pack.say("unknown_question", key=shown)


def clean(field: Field, value: object) -> object:
    """One answer in its own type. Raises Refused, a ValueError that says why."""
    if field.kind == "choices":
        return _choices(field, value)
    if field.kind == "rows":
        return _rows(field, value)
    if isinstance(value, bool) and {"yes", "no"} <= {option.id for option in field.options}:
        value = "yes" if value else "no"
    if not isinstance(value, str):
        raise Refused("must_be_text", field)
    text = tidy(value)
    if field.kind == "choice":
        return _choice(field, text) if text else ""
    return _text(field, text)


def tidy(value: str) -> str:
    """Text without control signs, with plain line ends and no space at its ends."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _choice(field: Field, text: str) -> str:
    wanted = text.casefold()
    for option in field.options:
        if wanted in {option.id.casefold(), option.label.casefold(), *(alias.casefold() for alias in option.aliases)}:
            return option.id
    shown = ", ".join(option.id for option in field.options[:MOST_OPTIONS])
    more = len(field.options) - MOST_OPTIONS
    message = "unknown_choice_of_many" if more > 0 else "unknown_choice"
    raise Refused(message, field, options=shown, more=more, value=text[:60])


def _choices(field: Field, value: object) -> list[str]:
    values = ([value] if value else []) if isinstance(value, str) else value
    if not isinstance(values, list) or any(not isinstance(item, str) for item in values):
        raise Refused("must_be_list", field, example=field.options[0].id)
    chosen = {_choice(field, tidy(item)) for item in values if tidy(item)}
    return [option.id for option in field.options if option.id in chosen]


def _rows(field: Field, value: object) -> list[dict[str, str]]:
    if not isinstance(value, list) or any(not isinstance(row, Mapping) for row in value):
        raise Refused("must_be_rows", field, id=field.id)
    if len(value) > LARGEST_TABLE:
        raise Refused("too_many_rows", field, count=len(value), limit=LARGEST_TABLE)
    found = [_row(field, row) for row in value]
    return [row for row in found if any(row.get(column.id) for column in field.columns if not column.defaults)]


def _row(field: Field, raw: Mapping[str, object]) -> dict[str, str]:
    known = {column.id: column for column in field.columns}
    for key in raw:
        if key not in known:
            raise Refused("unknown_column", field, column=str(key)[:60], columns=", ".join(known))
    row: dict[str, str] = {}
    for column in field.columns:
        value = clean(column, raw.get(column.id, ""))
        if not value and column.defaults:
            value = column.defaults[0].value
        row[column.id] = str(value)
    if any(row.values()):
        for column in field.columns:
            if column.required and not row[column.id] and any(row[c.id] for c in field.columns if not c.defaults):
                raise Refused("row_needs", field, column=column.id)
    return row


def _text(field: Field, text: str) -> str:
    if len(text) > field.max_length:
        raise Refused("too_long", field, count=len(text), limit=field.max_length)
    if field.kind == "email" and text and not _EMAIL.fullmatch(text):
        raise Refused("not_an_email", field, value=text[:60])
    if field.kind == "url" and text and not _URL.fullmatch(text):
        raise Refused("not_an_address", field, value=text[:60])
    return text if field.kind == "long-text" else " ".join(text.split())
