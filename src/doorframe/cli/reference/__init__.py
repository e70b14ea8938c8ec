"""The reference pages that come from content: one function for each page, a Pack in, Markdown out."""

from __future__ import annotations

from doorframe.cli.reference.clauses import clauses, contradictions, notices
from doorframe.cli.reference.law import citations, law
from doorframe.cli.reference.questions import questions, topics
from doorframe.engines.content.schema import Pack


def pages(pack: Pack) -> dict[str, str]:
    """Every page by its file name, in the order in which a reader would want them."""
    return {
        "topics.md": topics(pack),
        "questions.md": questions(pack),
        "clauses.md": clauses(pack),
        "citations.md": citations(pack),
        "contradictions.md": contradictions(pack),
        "notices.md": notices(pack),
        "law.md": law(pack),
    }
