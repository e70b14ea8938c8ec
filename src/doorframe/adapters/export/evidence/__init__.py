"""The evidence pack: a ZIP that shows what was agreed, and that anyone can check without a network.

    paper = pack([*acknowledgement(record, ...), Entry("trail.jsonl", trail_lines(links))], about=about)
    breaks = verify_pack(paper.read())

The shapes are described in docs/explanation/evidence.md.
"""

from doorframe.adapters.export.evidence.check import Finding, NotAPack, Report, examine, verify_pack
from doorframe.adapters.export.evidence.entries import About, Entry, acknowledgement, trail_lines
from doorframe.adapters.export.evidence.write import pack

__all__ = [
    "About",
    "Entry",
    "Finding",
    "NotAPack",
    "Report",
    "acknowledgement",
    "examine",
    "pack",
    "trail_lines",
    "verify_pack",
]
