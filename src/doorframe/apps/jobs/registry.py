"""The functions that jobs are names of. Each room keeps its own in `jobs.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from doorframe.apps.jobs.models import Job


class JobError(Exception):
    """The work failed for a reason that a person may read; the message is that sentence, free of clients' words."""


class Run(Protocol):
    """What a job function gets: the row it works for, and a way to say how far it is."""

    job: Job

    def progress(self, percent: int, sentence: str) -> None:
        """Keep how far the work is, from 0 to 100, and what it is doing, as a sentence."""

    def done(self, sentence: str = "") -> None:
        """Inside the transaction of the work's effect: mark the job as done, so that the effect comes exactly once."""


JobFunction = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A job function with how often it is tried."""

    name: str
    function: JobFunction
    max_attempts: int


_registry: dict[str, Registered] = {}


def job(name: str, *, max_attempts: int = 5) -> Callable[[JobFunction], JobFunction]:
    """Register a function under `app.noun.verb`: `def render(run: Run, *, version_id: int) -> None`.

    A worker may die at any line and another begins again, so the function must be safe to run twice. Where the effect
    is in the database, the simplest way is `run.done()` in its transaction: then it is there once, or not at all.
    Raises ValueError if the name is taken by another function.
    """

    def register(function: JobFunction) -> JobFunction:
        known = _registry.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"Two jobs are called {name}")
        _registry[name] = Registered(name, function, max_attempts)
        return function

    return register


def find(name: str) -> Registered:
    """The job of this name. Raises LookupError with a sentence if there is none."""
    try:
        return _registry[name]
    except KeyError:
        raise LookupError(f"No job is called {name}") from None


def names() -> list[str]:
    """All names, sorted."""
    return sorted(_registry)


def check_args(args: dict[str, Any]) -> None:
    """Raise ValueError unless every argument is an id, a short name, a flag or a list of those.

    Job rows outlive the text they are about, so nothing a client wrote may stand in them.
    """
    for key, value in args.items():
        parts = value if isinstance(value, list) else [value]
        if not all(_is_plain(part) for part in parts):
            raise ValueError(f"The argument {key} of a job must be an id or a short name, not a text")


def _is_plain(value: object) -> bool:
    if value is None or isinstance(value, bool | int):
        return True
    return isinstance(value, str) and len(value) <= 80 and not any(sign.isspace() for sign in value)
