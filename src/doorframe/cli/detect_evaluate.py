"""`doorframe detect evaluate`: how alerts fit labels."""

from __future__ import annotations

import argparse
import json

from doorframe.cli import detecting, labelled


def run(argv: list[str]) -> int:
    """Print the figures of labelled windows; 0 always, but 2 where lines could not be read or none has a label."""
    parser = argparse.ArgumentParser(
        prog="doorframe detect evaluate",
        description="How alerts fit labels: one labelled window a line, with “label”: “manipulative” or “benign”.",
        epilog="Nothing is kept and nothing is sent anywhere.",
    )
    labelled.common_options(parser)
    options = parser.parse_args(argv)
    reader = detecting.reader(options.model)
    file = labelled.read(options.data, reader)
    rows, scale = file.rows, reader.scale
    found = labelled.figures_of(rows, scale)
    kinds = sorted({row.one.kind for row in rows if row.one.kind and not row.one.deserves})
    by_kind = {kind: labelled.flagged([row for row in rows if row.one.kind == kind], scale) for kind in kinds}
    if options.json:
        shares = {kind: share.value for kind, share in by_kind.items()}
        print(json.dumps({**labelled.data(found), "uncovered": file.uncovered, "kinds": shares}))
    else:
        shown = [f"  {kind}: flagged {share}" for kind, share in by_kind.items()]
        print("\n".join([*labelled.lines(found), *shown, *labelled.not_covered(file.uncovered)]))
    return labelled.end(options.data, file.wrong)
