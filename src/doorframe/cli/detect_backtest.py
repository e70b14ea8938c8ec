"""`doorframe detect backtest`: what a change would alter, before it counts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from doorframe.adapters.labelled_windows import Labelled
from doorframe.cli import common, detecting, labelled
from doorframe.engines.detection import judge
from doorframe.engines.detection.cues import Cues
from doorframe.engines.detection.judge import Scale
from doorframe.engines.detection.measure import Share

_MOST_NAMED = 40


def run(argv: list[str]) -> int:
    """Print the figures before and after a change; exit 0, or 2 where lines could not be read."""
    parser = argparse.ArgumentParser(
        prog="doorframe detect backtest",
        description="What a change would alter, before it counts: figures before and after, and which windows differ.",
        epilog="The change is a tactic's file, or TOML with alert, skip, bias or weights. It switches nothing on.",
    )
    labelled.common_options(parser)
    parser.add_argument("--change", metavar="RULE.toml", type=Path, required=True, help="what to try")
    options = parser.parse_args(argv)
    reader = detecting.reader(options.model)
    change = detecting.change(options.change, reader.scale)
    file = labelled.read(options.data, reader)
    if change.content:
        _cues(file, change.tactic, Cues(common.load_detection()), Cues(change.content), as_json=options.json)
    else:
        _scales(file, reader.scale, change.scale, as_json=options.json)
    return labelled.end(options.data, file.wrong)


def _scales(file: labelled.File, old: Scale, new: Scale, *, as_json: bool) -> None:
    rows = file.rows
    before, after = labelled.figures_of(rows, old), labelled.figures_of(rows, new)
    differ = [
        (row.one, judge.score(row.signs, new) >= new.alert)
        for row in rows
        if (judge.score(row.signs, old) >= old.alert) != (judge.score(row.signs, new) >= new.alert)
    ]
    if as_json:
        print(json.dumps({
            "before": {**labelled.data(before), "skipped": _skipped(rows, old)},
            "after": {**labelled.data(after), "skipped": _skipped(rows, new)},
            "uncovered": file.uncovered,
            "now_alerts": [one.window.id for one, now in differ if now],
            "no_longer": [one.window.id for one, now in differ if not now],
        }))  # fmt: skip
        return
    for title, found, scale in (("Before", before, old), ("After", after, new)):
        deserving, others = labelled.skipped(rows, scale)
        quick = f"the quick look skips {deserving} of those that deserve a look, {others} of those that do not"
        print("\n  ".join([f"{title}:", *labelled.lines(found), quick]))
    _named("Newly an alert, and deserves it", [one for one, now in differ if now and one.deserves])
    _named("Newly an alert, and does not deserve it", [one for one, now in differ if now and not one.deserves])
    _named("No longer an alert, though it deserves it", [one for one, now in differ if not now and one.deserves])
    _named("No longer an alert, rightly", [one for one, now in differ if not now and not one.deserves])
    print("".join(f"{line}\n" for line in labelled.not_covered(file.uncovered)), end="")


def _skipped(rows: Sequence[labelled.Read], scale: Scale) -> dict[str, int]:
    deserving, others = labelled.skipped(rows, scale)
    return {"deserve a look": deserving.hits, "do not": others.hits}


def _cues(file: labelled.File, tactic: str, old: Cues, new: Cues, *, as_json: bool) -> None:
    """A tactic's cues explain and never decide: a change of them alters no alert, only where they stand."""
    rows = file.rows
    before = [_stand(row.one, tactic, old) for row in rows]
    after = [_stand(row.one, tactic, new) for row in rows]
    sides = [(True, "deserve a look"), (False, "do not")]
    found = {said: (_share(rows, before, so), _share(rows, after, so)) for so, said in sides}
    differ = [(row.one, stands) for row, stood, stands in zip(rows, before, after, strict=True) if stood != stands]
    if as_json:
        print(json.dumps({
            "tactic": tactic, "alerts_change": False,
            **{
                said: {"before": labelled.number(one.value), "after": labelled.number(other.value)}
                for said, (one, other) in found.items()
            },
            "differ": [one.window.id for one, _ in differ], "uncovered": file.uncovered,
        }))  # fmt: skip
        return
    print("Cues explain and never decide, so no alert changes. Windows in which a cue of this tactic stands:")
    for said, (one, other) in found.items():
        print(f"  of those that {said}: before {one}, after {other}")
    _named("Newly with a cue", [one for one, stands in differ if stands])
    _named("No longer with a cue", [one for one, stands in differ if not stands])
    print("".join(f"{line}\n" for line in labelled.not_covered(file.uncovered)), end="")


def _share(rows: Sequence[labelled.Read], stands: Sequence[bool], deserving: bool) -> Share:
    side = [stand for row, stand in zip(rows, stands, strict=True) if row.one.deserves is deserving]
    return Share(sum(side), len(side))


def _stand(one: Labelled, tactic: str, cues: Cues) -> bool:
    return any(found[1] == tactic for message in one.window.messages for found in cues.find(message.text))


def _named(title: str, windows: Sequence[Labelled]) -> None:
    if windows:
        names = [one.window.id for one in windows[:_MOST_NAMED]]
        more = f" and {len(windows) - len(names)} more" if len(windows) > len(names) else ""
        print(f"{title}: {', '.join(names)}{more}")
