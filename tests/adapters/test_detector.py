"""The detector's own model, asked: what is long is read to its end, and damaged files are no model."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from doorframe.adapters.detector import SHIPPED, Detector, OnnxReader
from doorframe.adapters.small_model import Damaged
from doorframe.engines.detection.conversation import Message, Window

HARM = "I never said that, Anna. You always make things up, and everybody here knows that you are not well."
TALK = (
    "The bus took forever this morning and the heating in the hall is off again, so bring a jumper if you come.",
    "We moved the kettle to the back room, and somebody left a very good lemon cake there for all of us.",
    "My sister is over from Leeds with the twins, and they have discovered drums, so I slept about four hours.",
    "The library has the book on sleep again if anyone wants it, it is on the low shelf beside the door.",
    "I did the walk round the lake on Sunday, the long way, and I only swore at two cyclists and one goose.",
    "Thank you for the soup on Friday, it was the first thing that I really tasted in weeks.",
)


@cache
def ask() -> Detector:
    return Detector(OnnxReader())


def said(*, last: bool, rounds: int) -> Window:
    """Long messages of Anna, Ben and Cara; Ben's harmful sentences stand first or last in his second one."""
    found = []
    for place in range(8):
        talk = [TALK[(place + step) % len(TALK)] for step in range(rounds)]
        if place == 6:
            talk = [*talk, HARM] if last else [HARM, *talk]
        found.append(Message(str(place), ("Anna", "Ben", "Cara")[(place + 1) % 3], " ".join(talk), 60.0 * place))
    return Window("w", tuple(found))


@pytest.mark.promise("J2")
@pytest.mark.parametrize("rounds", [2, 4, 8])
def test_harm_at_the_end_of_a_long_message_is_found_as_at_its_beginning(rounds: int) -> None:
    for last in (False, True):
        window = said(last=last, rounds=rounds)
        verdict = ask().judge(window)
        (signal, *more) = verdict.signals
        assert verdict.alert and len(more) < 2, (last, verdict.score)
        assert (signal.message_id, signal.author) == ("6", window.messages[6].author)
        assert "never said that" in signal.text or "make things up" in signal.text


def test_long_harmless_talk_is_no_alert_because_it_is_long() -> None:
    window = said(last=False, rounds=8)
    calm = Window("w", tuple(one for one in window.messages if HARM not in one.text))
    assert not ask().judge(calm).alert


def emptied(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_text("{}", encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        emptied("card.json"),
        emptied("linear.bin"),
        lambda folder: os.truncate(folder / "card.json", 40),
        lambda folder: os.truncate(folder / "linear.bin", 400),
    ],
)
def test_damaged_files_are_no_model(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    for name in ("card.json", "linear.bin"):
        shutil.copyfile(SHIPPED / name, tmp_path / name)
    OnnxReader(tmp_path)
    spoil(tmp_path)
    with pytest.raises(Damaged, match="Install Doorframe again"):
        OnnxReader(tmp_path)
