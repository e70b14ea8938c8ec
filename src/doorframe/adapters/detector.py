"""One thing to ask about a window of a conversation, for every door: the model, its words alone, and the cues."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from doorframe.adapters import small_model
from doorframe.adapters.languages import language
from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection import judge, linear
from doorframe.engines.detection.conversation import DIRECTIONS, TACTICS, Opinion, Reading, Verdict, Window
from doorframe.engines.detection.cues import Cues
from doorframe.engines.detection.spoken import Said, spoken
from doorframe.engines.detection.views import View, views

SHIPPED = Path(__file__).resolve().parents[1] / "models" / "detection"
"""The model that comes with Doorframe: model.onnx, tokenizer.json, linear.bin and card.json."""

_WHO = 2
"""Pieces that say who speaks, "p:", before whatever is shown of a message."""

_DAMAGED = "The detector’s files are damaged, so it was not used. Install Doorframe again."

_WORD = 0.35
"""Probability from which a word is one of those that carry a message, and pieces apart that are one stretch."""
_GAP = 2


class Reader(Protocol):
    """Something that reads windows."""

    model: tuple[str, str]
    scale: judge.Scale

    def words(self, said: Sequence[Said]) -> float: ...

    def read(self, said: Sequence[Said]) -> Reading: ...


class OnnxReader:
    """The model that was taught on our own windows. Safe to share between threads.

    Raises small_model.Damaged where the card or the weights of words are not whole.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._linear = array("f")
        try:
            self._model = small_model.SmallModel(folder, "The detector")
            self.model = (str(self._model.card["id"]), str(self._model.card["sha256"]))
            self.scale = _scale(self._model.card.get("scale"))
            self._bias = float(self._model.card["linear_bias"])
            self._linear.frombytes((folder / "linear.bin").read_bytes())
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise small_model.Damaged(_DAMAGED) from error
        if len(self._linear) != linear.SIZE:
            raise small_model.Damaged(_DAMAGED)

    def words(self, said: Sequence[Said]) -> float:
        """Log odds of the words alone."""
        return linear.log_odds(said, self._linear, self._bias)

    def read(self, said: Sequence[Said]) -> Reading:
        """What the model thinks of a window; of a long one, what it thinks where it minds most."""
        encodings = self._model.tokenizer.encode_batch([one.text for one in said], add_special_tokens=False)
        looks = [self._look(said, encodings, view) for view in views([len(one.ids) for one in encodings])]
        whole, worst = max(looks, key=lambda one: one[0])
        opinions = []
        for number, beginning in looks[0][1].items():
            strongest = max((seen[number] for _, seen in looks if number in seen), key=lambda one: one.harm)
            # Beside the worst view nothing is known of how a harmless message speaks of it.
            beside = worst.get(number) or replace(beginning, directions={})
            opinions.append(strongest if strongest.harm >= judge.TOLD else beside)
        return Reading(whole, tuple(opinions))

    def _look(self, said: Sequence[Said], encodings: Sequence[Any], view: View) -> tuple[float, dict[int, Opinion]]:
        import numpy

        tokenizer = self._model.tokenizer
        ids, ends = [tokenizer.token_to_id("[CLS]")], [1]
        for number, part in view:
            found = encodings[number].ids
            ids += [*(found[:_WHO] if part.start else ()), *found[part], tokenizer.token_to_id("[SEP]")]
            ends.append(len(ids))
        parts = numpy.zeros((1, len(view), len(ids)), dtype=numpy.float32)
        for place in range(len(view)):
            parts[0, place, ends[place] : ends[place + 1]] = 1
        feed = numpy.array([ids], dtype=numpy.int64)
        whole, scores, words = self._model.run(ids=feed, mask=numpy.ones_like(feed), parts=parts)
        opinions = {}
        for place, (number, part) in enumerate(view):
            offsets = encodings[number].offsets[part]
            last = ends[place + 1] - 1
            marked = _stretches(said[number], offsets, words[0][last - len(offsets) : last])
            opinions[number] = _opinion(scores[0][place], marked)
        return judge.sigmoid(float(whole[0])), opinions


def _opinion(scores: Any, words: tuple[tuple[int, int, float], ...]) -> Opinion:
    shares = [judge.sigmoid(float(one)) for one in scores]
    after = 1 + len(DIRECTIONS)
    return Opinion(
        shares[0], dict(zip(DIRECTIONS, shares[1:after], strict=True)), dict(zip(TACTICS, shares[after:], strict=True)),
        words,
    )  # fmt: skip


def _stretches(said: Said, offsets: Sequence[tuple[int, int]], logits: Any) -> tuple[tuple[int, int, float], ...]:
    """Marked pieces that stand together, as code points of the message, strongest first."""
    found: list[list[float]] = []
    for (start, end), value in zip(offsets, logits, strict=True):
        share = judge.sigmoid(float(value))
        if share < _WORD or start < 3:
            continue
        if found and start - found[-1][1] <= _GAP:
            found[-1][1], found[-1][2] = end, max(found[-1][2], share)
        else:
            found.append([start, end, share])
    made = [(said.origin(int(start)), said.origin(int(end)), share) for start, end, share in found]
    return tuple(sorted((one for one in made if one[1] > one[0]), key=lambda one: -one[2]))


def _scale(raw: dict[str, Any] | None) -> judge.Scale:
    if not raw:
        return judge.Scale()
    return judge.Scale(raw["bias"], dict(raw["weights"]), tuple(raw["message"]), raw["alert"], raw["skip"])


def load(folder: Path | None = None) -> OnnxReader | None:
    """The reader that ships with Doorframe, or the one in `folder`; None where its programs are not installed."""
    place = folder or SHIPPED
    return OnnxReader(place) if small_model.can_run(place) else None


class Detector:
    """Judges windows, one after the other; nothing is kept between them. Safe to share between threads.

    quick    skips the model where the words alone point nowhere, for long streams
    content  the sentences and cues by which a signal is explained
    shadow   a scale that is tried beside the model's own and counts for nothing
    """

    def __init__(self, reader: Reader | None, *, threshold: float | None = None, quick: bool = False,
                 content: DetectionContent | None = None, shadow: judge.Scale | None = None) -> None:  # fmt: skip
        self.reader = reader
        self.threshold = threshold
        self.quick = quick
        self._cues = Cues(content) if content else None
        self._shadow = shadow

    def judge(self, window: Window) -> Verdict:
        """One window's verdict. Without a reader, or in a language that is not covered, nothing is scored."""
        if self.reader is None:
            return Verdict(window.id, 0.0, False, "", covered=False)
        tongue = language([one.text for one in window.messages])
        if tongue != "en":
            return Verdict(window.id, 0.0, False, tongue, covered=False, model=self.reader.model)
        said = spoken(window.messages)
        words = self.reader.words(said)
        if self.quick and self.reader.scale.skip is not None and words < self.reader.scale.skip:
            return Verdict(window.id, 0.0, False, model=self.reader.model)
        return judge.judge(
            window, self.reader.read(said), words, self.reader.scale, threshold=self.threshold, model=self.reader.model,
            why=self._cues.why if self._cues else judge.unsaid, cues=self._cues.find if self._cues else judge.unseen,
            shadow=self._shadow,
        )  # fmt: skip

    def judge_all(self, windows: Iterable[Window]) -> Iterator[Verdict]:
        """Many windows."""
        for window in windows:
            yield self.judge(window)


def as_data(verdict: Verdict) -> dict[str, object]:
    """A verdict as the command line and the programming interface give it."""
    return {
        "id": verdict.id, "score": round(verdict.score, 4), "alert": verdict.alert, "language": verdict.language,
        "covered": verdict.covered,
        "signals": [
            {
                "message_id": one.message_id, "author": one.author, "towards": one.towards,
                "or_towards": one.or_towards, "direction": one.direction,
                "tactic": [list(pair) for pair in one.tactic], "score": one.score, "start": one.start, "end": one.end,
                "text": one.text, "why": one.why, "cues": list(one.cues),
            }
            for one in verdict.signals
        ],
        "model": {"id": verdict.model[0], "sha256": verdict.model[1]},
        **({"shadow": {"score": round(verdict.shadow[0], 4), "alert": verdict.shadow[1]}} if verdict.shadow else {}),
    }  # fmt: skip
