"""Labelled windows from a file of lines: as windows_file reads them, and "label": "manipulative" or "benign"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from doorframe.adapters import windows_file
from doorframe.adapters.windows_file import Wrong
from doorframe.engines.detection.conversation import Window

_LABELS = {"manipulative": True, "benign": False, 1: True, 0: False}
"""JSON's true and false are 1 and 0 here."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window, whether it deserves a look, and what kind of talk it is where the file says so."""

    window: Window
    deserves: bool
    kind: str


def labelled(stream: BinaryIO) -> Iterator[Labelled | Wrong]:
    """Each line as a labelled window, or what is wrong with it. Memory holds one line."""
    for number, raw in enumerate(stream, 1):
        if not raw.strip():
            continue
        found = windows_file.window(raw, number) if len(raw) <= windows_file.LARGEST else Wrong(
            number, None, "longer than 4 MB"
        )  # fmt: skip
        if isinstance(found, Wrong):
            yield found
            continue
        row = json.loads(raw.decode("utf-8-sig"))
        label = row.get("label")
        if not isinstance(label, str | bool | int) or label not in _LABELS:
            yield Wrong(number, row.get("id"), 'has no label, "manipulative" or "benign"')
            continue
        yield Labelled(found, _LABELS[label], windows_file.word(row.get("kind"), ""))
