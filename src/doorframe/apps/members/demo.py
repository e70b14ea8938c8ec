"""Whether the fictional practice may be signed in to: the setting decides; where it says auto, so does a file."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def is_on() -> bool:
    """Whether its people may be signed in now. Asked anew each time: an owner may put it away at any moment."""
    return bool(settings.DEMO) and not is_put_away()


def is_put_away() -> bool:
    """Whether an owner has put it away, and no setting says otherwise."""
    return can_be_switched() and _file().exists()


def can_be_switched() -> bool:
    """Whether the choice is an owner's: the demo is there, and its setting says neither on nor off."""
    return bool(settings.DEMO) and settings.DEMO_PUT_AWAY_FILE is not None


def put_away() -> None:
    """Keep the choice in the data folder. Part of an action that records it."""
    _file().touch(mode=0o600)


def bring_back() -> None:
    """Take the choice back. Part of an action that records it."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    assert settings.DEMO_PUT_AWAY_FILE is not None  # can_be_switched has been asked
    return Path(settings.DEMO_PUT_AWAY_FILE)
