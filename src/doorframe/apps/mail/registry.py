"""The kinds of letter. Each room keeps its own in `letters.py`, as functions that write the letter when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from doorframe.apps.mail.models import Letter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it goes out, in plain text.

    `sender_name` is the person it comes from, as the practice knows them; titles and anything that would tell of
    care are taken off before it is sent. `to` is one address.
    """

    to: str
    subject: str
    body: str
    sender_name: str = ""


Compose = Callable[[Letter], Composed | None]
"""Writes the letter, the same again whenever it is asked; None where it is no longer to be sent.

Called outside of a transaction, with the practice's language and time zone in force.
"""

Words = Callable[[], tuple[str, str]]
"""Subject and body with made-up names and addresses, in the language in force: what a test can read."""

Where = Callable[[Letter], str]
"""The path of the page that a letter belongs to, for whoever may see the mail."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: `label` says in the practice's pages what it is, and names no client."""

    name: str
    label: StrOrPromise
    compose: Compose
    sample: Words
    where: Where | None = None


_registry: dict[str, Kind] = {}


def letter(
    name: str, *, label: StrOrPromise, sample: Words, where: Where | None = None
) -> Callable[[Compose], Compose]:
    """Register a function under `app.kind`, for example "signatures.invitation".

    A worker may die after the mail server took the letter and before that was written down; it is then written
    and sent again under the same Message-ID. So the function must give the same letter again.
    Raises ValueError if the name is taken by another function.
    """

    def register(function: Compose) -> Compose:
        known = _registry.get(name)
        if known is not None and known.compose.__qualname__ != function.__qualname__:
            raise ValueError(f"Two kinds of letter are called {name}")
        _registry[name] = Kind(name, label, function, sample, where)
        return function

    return register


def find(name: str) -> Kind:
    """The kind of this name. Raises LookupError with a sentence if there is none."""
    try:
        return _registry[name]
    except KeyError:
        raise LookupError(f"No kind of letter is called {name}") from None


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_registry[name] for name in sorted(_registry)]
