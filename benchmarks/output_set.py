"""Every output in every format, against WeasyPrint setting the policy's own page as PDF and nothing else."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import ANSWERS, DATED, ROOT, Row, Unable, doorframe, interleaved, ms, process
from doorframe.adapters.render import html, render
from doorframe.cli import common
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack

_PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
_ALONE = "import sys, weasyprint; weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2])"


def need_weasyprint() -> Any:
    """WeasyPrint with the system libraries it needs, fetched where that can be done without asking."""
    try:
        return _weasyprint()
    except OSError:
        sys.path.insert(0, str(ROOT))
        sys.path.insert(0, str(ROOT / ".ci"))
        import develop

        develop.apt_install(*_PANGO)
    try:
        return _weasyprint()
    except OSError:
        raise Unable(
            f"WeasyPrint, which we compare with, needs Pango: on Debian apt install {' '.join(_PANGO)}, "
            "on macOS brew install pango."
        ) from None


def _weasyprint() -> Any:
    try:
        import weasyprint  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise Unable("WeasyPrint is not installed: start the benchmarks with python3 run.py bench.") from None
    return weasyprint


def build_all(pack: Pack, answers: dict[str, object]) -> int:
    """From answers to every file of one version; the number of files."""
    files = 0
    for output in pack.outputs.values():
        document = assemble(pack, answers, output.id, Edition(dated=DATED))
        for format in output.formats:
            render(document, format)
            files += 1
    return files


def rows(rounds: int) -> list[Row]:
    """In one running process, and as two programs started afresh."""
    weasyprint = need_weasyprint()
    pack = loader.load()
    answers = common.read_answers(str(ANSWERS), pack)

    def varied(number: int) -> dict[str, object]:
        # Another practice each time, for both sides: typesetters remember what they have just set.
        return {**answers, "practice_name": f"Practice {number}", "response_time": f"within {number + 2} working days"}

    def rival(number: int) -> None:
        page = html.page(assemble(pack, varied(number), "policy", Edition(dated=DATED)))
        weasyprint.HTML(string=page).write_pdf()

    files = build_all(pack, varied(-1))
    rival(-1)
    ours, theirs = interleaved(rounds, lambda number: build_all(pack, varied(number)), rival)
    said = f"all {files} files {{}} against {{}} for WeasyPrint's one"
    found = [Row("the whole set, running process", ours / theirs, 1, said.format(ms(ours), ms(theirs)))]
    cold_ours, cold_theirs = _cold(max(3, rounds // 3))
    return [*found, Row("the whole set, fresh process", cold_ours / cold_theirs, 1,
                        said.format(ms(cold_ours), ms(cold_theirs)))]  # fmt: skip


def _cold(rounds: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
        out = Path(folder) / "out"
        build = [doorframe(), "policy", "build", str(ANSWERS), "--out", str(out)]
        process(build)
        rival = [sys.executable, "-c", _ALONE, str(out / "policy.html"), str(Path(folder) / "rival.pdf")]
        return interleaved(rounds, lambda _: process(build), lambda _: process(rival))
