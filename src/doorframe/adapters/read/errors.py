"""What keeps a file from being read, said to the person who sent it."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read. str() is one sentence that says what is wrong and what to do."""
