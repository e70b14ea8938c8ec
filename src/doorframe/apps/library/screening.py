"""Screening with the content in force, read once for each process."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from threading import Thread

from doorframe.adapters.screener import Screener, with_everything
from doorframe.apps.library.queries import folders
from doorframe.engines.content import loader
from doorframe.engines.screening.verdict import Draft


@cache
def screener() -> Screener:
    """Rules and readers, made ready at the first draft. Raises ContentError when a content file is wrong."""
    return with_everything(loader.load_screening(*folders()))


def warm() -> None:
    """Make the screener ready beside the page that is being written, so that the first draft is answered at once."""
    _warmed()


@cache
def _warmed() -> Thread:
    """Once a process. Whatever fails here fails again, in words, when a draft is screened."""
    thread = Thread(target=_read_one, name="screening", daemon=True)
    thread.start()
    return thread


def _read_one() -> None:
    with suppress(Exception):
        screener().screen(Draft("a quiet morning, and a client told me today"))
