"""Small archives, and the command with a reader that hangs on no model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from doorframe.engines.detection import judge
from doorframe.engines.detection.conversation import Reading
from doorframe.engines.detection.spoken import Said
from tests.adapters.fake_reader import MARKER, FakeReader

ROOT = Path(__file__).resolve().parents[3]
DEADLY = "xylophone"

_COMMAND = """
import sys
from doorframe.cli import detect_archive
from doorframe.cli.errors import UserError
if __name__ == "__main__":
    try:
        sys.exit(detect_archive.run(sys.argv[1:], reader="tests.adapters.archive.samples:load"))
    except UserError as error:
        print(f"doorframe: {error}", file=sys.stderr)
        sys.exit(2)
"""


class MortalReader(FakeReader):
    """Kills whom DOORFRAME_TEST_DIES names at the first window with the deadly word: the file of that name holds
    "worker", "command", a process's number, or "always" for a worker each time."""

    def read(self, said: Sequence[Said]) -> Reading:
        token = Path(os.environ.get("DOORFRAME_TEST_DIES") or "/nowhere")
        if token.is_file() and any(DEADLY in one.text for one in said):
            whom = token.read_text(encoding="utf-8")
            if whom != "always":
                token.unlink()
            os.kill(int(whom) if whom.isdigit() else os.getppid() if whom == "command" else os.getpid(), signal.SIGKILL)
        return super().read(said)


def load(_folder: Path | None = None) -> MortalReader:
    return MortalReader()


class ScaledReader(FakeReader):
    """Takes its scale from the card in a folder, as a model does."""

    def __init__(self, folder: Path) -> None:
        self.scale = judge.Scale(**json.loads((folder / "card.json").read_text(encoding="utf-8"))["scale"])


def scaled(folder: Path) -> ScaledReader:
    return ScaledReader(folder)


def model(place: Path, alert: float, linear: bytes = b"weights") -> Path:
    """A folder with a model for `scaled`."""
    place.mkdir(exist_ok=True)
    (place / "card.json").write_text(json.dumps({"scale": {"alert": alert}}), encoding="utf-8")
    (place / "linear.bin").write_bytes(linear)
    return place


def message(conversation: str, number: int, text: str = "I think that it is a line", at: float | None = None) -> str:
    author = "Ana" if number % 2 else "Ben"
    row = {"conversation": conversation, "id": str(number), "author": author, "at": at, "text": f"{text} {number}"}
    return json.dumps(row) + "\n"


def archive(place: Path, conversations: int = 10, each: int = 40, deadly: tuple[int, ...] = ()) -> Path:
    """A file of messages, conversation by conversation; one marker in each, the deadly word in some."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "a.jsonl").open("w", encoding="utf-8") as file:
        for c in range(conversations):
            for n in range(each):
                word = MARKER if n == 7 else DEADLY if n == 21 and c in deadly else "line"
                file.write(message(f"c{c}", n, f"I think that it is {word}", n * 60.0))
    return place


def start(script: Path, *arguments: object, token: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a program of its own. It comes back when the last of its workers has ended too."""
    script.write_text(_COMMAND, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DOORFRAME_TEST_DIES": str(token or "")}
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def results(folder: Path) -> dict[str, bytes]:
    """Every file that stands in a folder of results."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def ids(folder: Path) -> list[str]:
    """The ids of all windows, in the order of the archive."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for part in manifest["parts"] for line in (folder / part["result"]).open("rb")]
    return [row["id"] for row in rows]
