"""Conditions are data: `all`, `any` and `not` over facts taken from answers.

An atom is a fact name, or a fact name and a value after the first colon:

    "has_social_accounts"        the fact is true (answered and not empty, or a derived fact that holds)
    "country:US"                 the answer is "US", or a list that holds "US"
    "accounts.platform:facebook" some row of the list `accounts` has "facebook" in the column `platform`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact, with the value it must hold or "" for any."""

    name: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.value}" if self.value else self.name


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = Atom | All | Any | Not

ALWAYS = All()


def parse(raw: object) -> Condition:
    """Turn the TOML shape into a Condition. Raises ValueError with a sentence a person can read."""
    if isinstance(raw, str):
        name, colon, value = raw.partition(":")
        if not name.strip():
            raise ValueError("a condition needs the name of a fact")
        if colon and not value.strip():
            raise ValueError(f"“{raw}” needs a value after the colon")
        return Atom(name.strip(), value.strip())
    if isinstance(raw, list):
        return All(tuple(parse(item) for item in raw))
    if not isinstance(raw, dict) or not raw:
        raise ValueError("a condition is a fact, or a table with all, any or not")
    unknown = set(raw) - {"all", "any", "not"}
    if unknown:
        raise ValueError(f"a condition knows all, any and not; it does not know {', '.join(sorted(unknown))}")
    parts: list[Condition] = []
    if "all" in raw:
        parts.append(All(_parts(raw["all"], "all")))
    if "any" in raw:
        parts.append(Any(_parts(raw["any"], "any")))
    if "not" in raw:
        parts.append(Not(parse(raw["not"])))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _parts(raw: object, word: str) -> tuple[Condition, ...]:
    if not isinstance(raw, list):
        raise ValueError(f"{word} takes a list of facts")
    return tuple(parse(item) for item in raw)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every atom of a condition, in reading order."""
    if isinstance(condition, Atom):
        yield condition
    elif isinstance(condition, Not):
        yield from atoms(condition.part)
    else:
        for part in condition.parts:
            yield from atoms(part)


def names(condition: Condition) -> tuple[str, ...]:
    """The names of the facts a condition rests on, each once."""
    return tuple(dict.fromkeys(atom.name for atom in atoms(condition)))


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition is true of the facts. A fact nobody gave is false."""
    if isinstance(condition, Atom):
        return _atom_holds(condition, facts)
    if isinstance(condition, Not):
        return not holds(condition.part, facts)
    decisive = isinstance(condition, Any)
    for part in condition.parts:  # a loop, not any() and all(): this is asked ten thousand times a page
        if holds(part, facts) is decisive:
            return decisive
    return not decisive


def may_hold(condition: Condition, facts: Facts, known: Callable[[str], bool]) -> bool:
    """Whether a condition could still become true: facts that are not yet known count as open."""
    return _judge(condition, facts, known) is not False


def _judge(condition: Condition, facts: Facts, known: Callable[[str], bool]) -> bool | None:
    if isinstance(condition, Atom):
        return _atom_holds(condition, facts) if known(condition.name) else None
    if isinstance(condition, Not):
        inner = _judge(condition.part, facts, known)
        return None if inner is None else not inner
    verdicts = [_judge(part, facts, known) for part in condition.parts]
    decisive = isinstance(condition, Any)
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _atom_holds(atom: Atom, facts: Facts) -> bool:
    value = _look_up(atom.name, facts)
    if not atom.value:
        return bool(value) and value != "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return atom.value in value
    return value == atom.value


def _look_up(name: str, facts: Facts) -> object:
    if name in facts or "." not in name:
        return facts.get(name)
    table, column = name.split(".", 1)
    rows = facts.get(table)
    if not isinstance(rows, (list, tuple)):
        return None
    return [row.get(column) for row in rows if isinstance(row, Mapping)]
