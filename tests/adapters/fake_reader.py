"""A reader that alerts on a marker word, so that tests hang on no model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doorframe.engines.detection import judge
from doorframe.engines.detection.conversation import Opinion, Reading
from doorframe.engines.detection.spoken import Said

MARKER = "zebra"


class FakeReader:
    """Thinks that each message with the marker harms, and no other."""

    model = ("fake", "0" * 64)
    scale = judge.Scale(skip=0.0)

    def words(self, said: Sequence[Said]) -> float:
        return 5.0 if any(MARKER in one.text for one in said) else -5.0

    def read(self, said: Sequence[Said]) -> Reading:
        opinions = tuple(
            Opinion(0.99 if MARKER in one.text else 0.01, {"towards": 0.9}, {"guilt": 0.9}) for one in said
        )
        return Reading(max(one.harm for one in opinions), opinions)


def load(_folder: Path | None = None) -> FakeReader:
    return FakeReader()
