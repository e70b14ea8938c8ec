"""The labelled texts of screening: read, and checked against AUTHORING.md.

`python -m tests.evaluation.screening.corpus FILE...` checks the named files and prints how much of each kind they hold.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("development", "sealed")
KINDS = {"post", "caption", "reply", "comment", "group-question", "newsletter"}
COUNTRIES = {"US", "CA", "UK", "IE", "AU", "NZ", "ZA", "IN"}
OUTCOMES = {"do-not-post", "ask", "nothing-found"}
SAFE, UNSAFE = {"ordinary", "look-alike"}, {"plain", "hard"}
FAMILIES = (
    "identifier",
    "case-story",
    "confirming",
    "attendance",
    "testimonial-request",
    "testimonial",
    "tagging",
    "check-in",
    "client-material",
    "referral-details",
)
CHANGES = {"detail-removed", "made-plural", "made-invented", "time-blurred", "subject-changed", "reply-neutral", ""}


@dataclass(frozen=True, slots=True)
class Text:
    """One labelled text. `spans` are (family, start, end) in code points of `text`."""

    id: str
    kind: str
    platform: str
    country: str
    region: str
    profession: str
    text: str
    outcome: str
    level: str
    families: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...]
    pair: str
    change: str

    @property
    def writer(self) -> str:
        return self.id.split("-")[0]

    @property
    def unsafe(self) -> bool:
        return self.level in UNSAFE


def part(name: str) -> list[Text]:
    """Every text of a part, in the order of its files. Raises ValueError with all that is wrong."""
    paths = sorted((HERE / name).glob("*.jsonl"))
    wrong = [error for path in paths for error in errors(path)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return [_text(row) for path in paths for _, row in _rows(path)]


def second() -> list[dict]:
    """What the second reader said of a tenth of the texts: id, outcome, families."""
    lines = (HERE / "second.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def errors(path: Path) -> Iterator[str]:
    """What in a file is not as AUTHORING.md asks, one sentence each."""
    seen: set[str] = set()
    words: dict[str, str] = {}
    for number, row in _rows(path):
        where = f"{path.name}:{number}"
        if isinstance(row, str):
            yield f"{where}: {row}"
            continue
        yield from (f"{where}: {wrong}" for wrong in _row_errors(row))
        name, text = str(row.get("id")), " ".join(str(row.get("text")).lower().split())
        if name in seen:
            yield f"{where}: the id {name} is used twice"
        if text in words:
            yield f"{where}: the same text as {words[text]}"
        seen.add(name)
        words[text] = name
    yield from _pair_errors(path)


def _rows(path: Path) -> Iterator[tuple[int, dict | str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            row = f"no JSON: {error}"
        yield number, row


def _row_errors(row: dict) -> Iterator[str]:
    wanted = {
        "id",
        "kind",
        "platform",
        "country",
        "region",
        "profession",
        "text",
        "outcome",
        "level",
        "families",
        "spans",
        "pair",
        "change",
    }
    if set(row) != wanted:
        yield f"keys: missing {sorted(wanted - set(row))}, unknown {sorted(set(row) - wanted)}"
        return
    for key, allowed in (
        ("kind", KINDS),
        ("country", COUNTRIES),
        ("outcome", OUTCOMES),
        ("level", SAFE | UNSAFE),
        ("change", CHANGES),
    ):
        if row[key] not in allowed:
            yield f"{key} {row[key]!r} is none of {sorted(allowed)}"
    if not row["text"].strip():
        yield "no text"
    if (row["outcome"] == "nothing-found") != (row["level"] in SAFE):
        yield f"{row['level']} cannot be {row['outcome']}"
    if (row["outcome"] == "nothing-found") == bool(row["families"]):
        yield "families are for unsafe texts, and each unsafe text has one"
    if unknown := set(row["families"]) - set(FAMILIES):
        yield f"unknown families {sorted(unknown)}"
    for family, words in row["spans"]:
        if family not in row["families"]:
            yield f"a span of {family}, which is not among the families"
        if words not in row["text"]:
            yield f"these words are not in the text: {words!r}"
    if row["families"] and not row["spans"]:
        yield "an unsafe text without the words that show it"


def _pair_errors(path: Path) -> Iterator[str]:
    pairs: dict[str, list[dict]] = {}
    for _, row in _rows(path):
        if isinstance(row, dict) and row.get("pair"):
            pairs.setdefault(row["pair"], []).append(row)
    ranks = {"nothing-found": 0, "ask": 1, "do-not-post": 2}
    for name, rows in pairs.items():
        if len(rows) != 2:
            yield f"{path.name}: the pair {name} has {len(rows)} texts"
        elif ranks.get(rows[0]["outcome"]) == ranks.get(rows[1]["outcome"]):
            yield f"{path.name}: both texts of {name} have the same outcome"
        elif sum(bool(row["change"]) for row in rows) != 1:
            yield f"{path.name}: the safer text of {name} (and it alone) says what changed"


def _text(row: dict) -> Text:
    spans = tuple(
        (family, start, start + len(words)) for family, words in row["spans"] for start in [row["text"].index(words)]
    )
    return Text(**{**row, "families": tuple(row["families"]), "spans": spans})


def count(texts: Iterable[Text]) -> dict[str, Counter[str]]:
    """How many texts there are by level, outcome, kind, country and family, and how many pairs."""
    texts = list(texts)
    return {
        "level": Counter(text.level for text in texts),
        "outcome": Counter(text.outcome for text in texts),
        "kind": Counter(text.kind for text in texts),
        "country": Counter(text.country for text in texts),
        "family": Counter(family for text in texts for family in text.families),
        "pairs": Counter(text.change for text in texts if text.pair and text.change),
    }


def main(names: list[str]) -> int:
    """Check files and say what they hold; 1 if anything is wrong."""
    bad = 0
    for name in names:
        path = Path(name)
        wrong = list(errors(path))
        bad += len(wrong)
        print(*wrong, sep="\n")
        if not wrong:
            texts = [_text(row) for _, row in _rows(path)]
            print(f"{path.name}: {len(texts)} texts")
            for what, figures in count(texts).items():
                print(f"  {what}: " + ", ".join(f"{key} {number}" for key, number in sorted(figures.items())))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
