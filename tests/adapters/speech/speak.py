"""Makes the recordings in the folder conversation/ anew: three people who never lived, spoken by espeak-ng.

    python -m tests.adapters.speech.speak

Needs the program espeak-ng, which the tests do not: they use the files that it wrote. It reads conversation/script.toml
and writes a track for each speaker, all of them in one as room.ogg, and said.json with the seconds of each turn.
What the program says is free of its own licence (GPL-3.0); the words are ours.
"""

from __future__ import annotations

import io
import json
import subprocess
import tomllib
import wave
from pathlib import Path
from typing import Any

import av
import numpy

FOLDER = Path(__file__).parent / "conversation"
BITS = 16_000
"""Bits a second of Opus: clear enough for a voice, small enough for a repository."""

RATE = 22_050
"""What espeak-ng writes."""


def spoken(turn: dict[str, Any], voice: dict[str, Any]) -> Any:
    """One turn as float32, without the silence before and after it."""
    words = [f"-{name}{voice[long]}" for name, long in (("v", "name"), ("p", "pitch"), ("s", "speed"))]
    done = subprocess.run(["espeak-ng", *words, "--stdout", turn["text"]], capture_output=True, check=True)
    with wave.open(io.BytesIO(done.stdout)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, RATE)
        # Written to a pipe, its head does not know how long it is.
        samples = numpy.frombuffer(sound.readframes(10**9), "<i2").astype(numpy.float32) / 2**15
    loud = numpy.flatnonzero(numpy.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]


def encode(path: Path, samples: Any) -> None:
    """One channel as Opus in Ogg."""
    # Without chance in its head: the same words give the same bytes.
    with av.open(str(path), "w", format="ogg", container_options={"fflags": "+bitexact"}) as box:
        stream = box.add_stream("libopus", rate=16_000, layout="mono", options={"application": "voip"})
        stream.bit_rate = BITS
        change = av.AudioResampler(format="s16", layout="mono", rate=16_000)
        whole = (numpy.clip(samples, -1, 1) * 32767).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(whole.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        for made in (*change.resample(frame), *change.resample(None)):
            box.mux(stream.encode(made))
        box.mux(stream.encode(None))


def main() -> None:
    script = tomllib.loads((FOLDER / "script.toml").read_text(encoding="utf-8"))
    at, said, parts = script["silence"], [], []
    for turn in script["turn"]:
        sound = spoken(turn, script["voice"][turn["speaker"]])
        parts.append((turn["speaker"], int(at * RATE), sound))
        end = at + len(sound) / RATE
        said.append({"speaker": turn["speaker"], "start": round(at, 2), "end": round(end, 2), "text": turn["text"]})
        at = end + turn["pause"]
    tracks = {name: numpy.zeros(int(at * RATE), numpy.float32) for name in script["voice"]}
    for speaker, start, sound in parts:
        tracks[speaker][start : start + len(sound)] += sound
    for name, samples in tracks.items():
        encode(FOLDER / f"{name.lower()}.ogg", samples)
    encode(FOLDER / "room.ogg", sum(tracks.values()))
    (FOLDER / "said.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
