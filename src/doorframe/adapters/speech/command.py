"""A program of the practice's own that hears: called without a shell, for a limited time, with a limited answer."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import threading
import wave
from contextlib import suppress
from pathlib import Path

from doorframe.adapters.speech import Missing, NotHeard, Transcript, answers

LEAST_SECONDS = 120.0
PER_SECOND = 6.0
"""A program has two minutes, and six seconds for each second of speech: large models on small machines are slow."""

LARGEST = 20_000_000
"""Bytes of an answer."""

FILE = "{file}"


class Command:
    """`command` is split into words as a shell would, and {file} in them becomes the name of the wav file."""

    def __init__(self, command: str) -> None:
        try:
            self._words = shlex.split(command, posix=os.name != "nt")
        except ValueError:
            raise Missing("The words of --command have a quotation mark without an end; nothing was heard.") from None
        if not any(FILE in word for word in self._words):
            raise Missing(
                f'--command needs the place of the file, for example: --command "my-program {FILE}"; nothing was heard.'
            )
        program = shutil.which(self._words[0])
        if program is None:
            raise Missing("The program that --command names is not on this computer; nothing was heard.")
        self.engine = f"command {Path(program).name}"
        # It works in a folder that goes, so what it writes there goes too; files of its own are named from here.
        self._words = [os.path.abspath(program), *(_from_here(word) for word in self._words[1:])]

    def transcribe(self, path: Path) -> Transcript:
        """What the program says of the file."""
        with wave.open(str(path), "rb") as sound:
            seconds = sound.getnframes() / sound.getframerate()
        data = _run([word.replace(FILE, str(path)) for word in self._words], path.parent, _limit(seconds))
        segments, estimated = answers.read(data, seconds)
        return Transcript(tuple(segments), self.engine, seconds, estimated)


def _from_here(word: str) -> str:
    return os.path.abspath(word) if FILE not in word and os.path.isfile(word) else word


def _limit(seconds: float) -> float:
    return LEAST_SECONDS + PER_SECOND * seconds


def _run(words: list[str], folder: Path, limit: float) -> bytes:
    """What the program prints. It is ended with everything it started when its time is up or it says too much."""
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    surroundings = {**os.environ, **temporary, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder,
            env=surroundings, start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError):
        raise Missing("The program that --command names does not start; nothing was heard.") from None
    said = bytearray()
    reader = threading.Thread(target=_collect, args=(process, said), daemon=True)
    reader.start()
    try:
        reader.join(limit)
        if reader.is_alive():
            raise NotHeard("The program that --command names took too long and was ended; nothing was heard.")
        if len(said) > LARGEST:
            raise NotHeard("The program that --command names says more than 20 MB and was ended; nothing was heard.")
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    finally:
        _end(process)
    if process.returncode:
        raise NotHeard("The program that --command names stopped with an error; nothing was heard.")
    return bytes(said)


def _collect(process: subprocess.Popen[bytes], said: bytearray) -> None:
    """Read until the end, or until it is too much."""
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        while len(said) <= LARGEST and (data := process.stdout.read1(65_536)):  # type: ignore[attr-defined]
            said += data


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started. Its group is its own, so nobody else is in it."""
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
