"""Log lines that hold no one's words: no bodies, no query strings, no messages of exceptions."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

_QUERY = re.compile(r"\?\S*")
_SECRET = re.compile(r"(/(?:c|join|me/password/reset/key|me/confirm-email)/)[^/\s]+")
"""Addresses whose last part opens something for whoever holds it."""


class QuietFormatter(logging.Formatter):
    """Time, level, place and message; of an exception its type and the lines of code, not its text.

    An exception's text often quotes the value that caused it, and here that value may be a client's.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with any query string and the secret of any link cut from it."""
        return _SECRET.sub(r"\1…", _QUERY.sub("?…", super().format(record)))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The type of the exception and where it came from."""
        kind, _value, trace = ei
        frames = traceback.extract_tb(trace)
        places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([f"{kind.__name__ if kind else 'no exception'} raised at", *places])
