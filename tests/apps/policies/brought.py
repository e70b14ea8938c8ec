"""An audit that knows three topics and two defects, and texts to bring to it.

The real content grows and is tuned; what the pages do with a report is tested on rules that stand still.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

from doorframe.apps.library import queries as library
from doorframe.engines.content import loader
from doorframe.engines.coverage.sight import Sieve

RULES = {
    "audit/audience.toml": """
[[audiences]]
id = "client"
name = "clients"
cues = ["you|your"]
[[audiences]]
id = "staff"
name = "staff"
strong = ["employees must"]
[[audiences]]
id = "website"
name = "readers of a website"
strong = ["this website"]
[[audiences]]
id = "none"
name = "nobody"
strong = ["notice of privacy practices"]
""",
    "audit/topics/friending.toml": """
why = "A visible link can tell others that someone is in therapy."
cues = ["friend request*"]
cites = ["apa-2017/3.05", "bacp-2018/33c"]
[[parts]]
id = "rule"
name = "What you do when a client asks"
missing = "Say whether you accept requests."
cues = ["not accept", "accept"]
[[stances]]
id = "decline"
name = "Not accepted"
cues = ["not accept"]
[stances.answers]
friending = "decline"
nonsense = "x"
sms = "always"
tags = 3
""",
    "audit/topics/review-sites.toml": """
why = "A reply could show that the writer is a client."
cues = ["review*"]
cites = []
[[parts]]
id = "rule"
name = "That no answer comes"
missing = "Say that you do not answer reviews."
cues = ["not answer"]
""",
    "audit/topics/location-services.toml": """
why = "A check-in tells where somebody is."
cues = ["check-in*"]
cites = []
[[parts]]
id = "rule"
name = "What you advise"
missing = "Say that a phone tells where it is."
cues = ["turn off"]
""",
    "audit/defects/chilling.toml": """
title = "Forbids clients to speak"
severity = "high"
why = "Clients own their story."
mend = "Say that they are free to speak."
cites = ["apa-2017/3.05", "bacp-2018/33c"]
[[signs]]
cues = ["you may not post reviews"]
""",
    "audit/defects/dead-service.toml": """
title = "A service that is gone"
severity = "low"
why = "This service has closed."
mend = "Take the name out."
[[signs]]
cues = ["google buzz"]
""",
}

POLICY = """# Social media policy

I do not accept friend requests from you on Google Buzz.

You may not post reviews of this practice.
"""
"""Settles one topic, mentions one, lacks one; one grave finding and a small one within a passage of a topic."""

STAFF = """Employees must read this. I do not accept friend requests; employees must not either.

Employees must tell the office about reviews.
"""

OTHER = "Wash the leeks. Cut them in rings. Simmer them in butter for ten minutes.\n"


@cache
def sieve(folder: Path) -> Sieve:
    """The rules above, written to a folder and read like any content."""
    for name, text in RULES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Sieve(loader.load_audit(loader.load(), base=folder))


def use_own_rules(monkeypatch: Any, folder: Path) -> None:
    """Let every audit of this test know these rules and no others."""
    made = sieve(folder)
    monkeypatch.setattr(library, "sieve", lambda: made)


def as_docx(text: str) -> bytes:
    """A Word file with a paragraph for each one of the text."""
    import docx

    document = docx.Document()
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("# "):
            document.add_heading(paragraph.removeprefix("# "), level=1)
        else:
            document.add_paragraph(paragraph.strip())
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def scan() -> bytes:
    """A PDF of two pages without a word on them, as a scanner makes it."""
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(2):
        writer.add_blank_page(width=595, height=842)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
