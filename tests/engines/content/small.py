"""The smallest pack that is in order, as a folder of files that a test can break."""

from __future__ import annotations

from pathlib import Path

from doorframe.engines.content import loader
from doorframe.engines.content.schema import Pack, Problem

FILES: dict[str, str] = {
    "policy/pack.toml": """
id = "small"
version = "1"
[[sections]]
id = "first"
name = "First"
title = "How {I} work"
topics = ["friending"]
[topics]
friending = "Friend requests"
[names]
first = "The first part"
friending = "Friend requests"
""",
    "policy/voice.toml": """
[solo]
I = "I"
[group]
I = "we"
""",
    "policy/questions/010-friending.toml": """id = "friending"
section = "first"
order = 10
name = "Friends"
title = "What of friend requests?"
why = "Clients should know."
topics = ["friending"]
cites = ["code-2020/1.1"]

[[fields]]
id = "friending"
kind = "choice"
label = "Your answer"
default = "decline"
[[fields.options]]
id = "decline"
label = "No"
phrase = "{I} say no"
[[fields.options]]
id = "accept"
label = "Yes"
""",
    "policy/clauses/friending.md": """+++
id = "decline"
role = "stance"
when = "friending:decline"
cites = ["code-2020/1.1"]
+++
{I} do not accept requests.

+++
id = "staff"
audience = "staff"
+++
Do not accept requests.
""",
    "policy/frames/intro.md": """+++
id = "words"
+++
This is a policy.
""",
    "policy/outputs/policy.toml": """id = "policy"
title = "Policy"
order = 1
formats = ["pdf"]
[[parts]]
kind = "frame"
frame = "intro"
[[parts]]
kind = "topics"
""",
    "policy/contradictions/all.toml": """[[contradictions]]
id = "both"
message = "No and yes."
screens = ["friending"]
when = "friending:accept"
matches = [{ friending = "accept" }]
passes = [{ friending = "decline" }]
""",
    "policy/notices/all.toml": """[[notices]]
id = "line"
title = "A line"
text = "{I} answer."
limit = 30
""",
    "policy/platforms.toml": """[[platforms]]
id = "web"
name = "A website"
""",
    "policy/placeholders.toml": 'patterns = ["_{3,}"]\n',
    "ethics/code-2020.toml": """id = "code-2020"
short = "Code 2020"
body = "A body"
title = "A code"
edition = "2020"
link = "https://example.org"
[[clauses]]
id = "1.1"
summary = "Keep your distance."
verified = true
checked = 2026-01-31
[[clauses]]
id = "9.9"
summary = "Nobody has read this."
verified = false
""",
    "law/searching.toml": """id = "searching"
[[regimes]]
id = "here"
when = "friending:decline"
cites = ["code-2020/1.1"]
[[acts]]
id = "search"
[[acts.answers]]
regime = "here"
sentence = "Ask first."
cites = ["good-practice"]
""",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put the files into a folder and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


def read(folder: Path, files: dict[str, str]) -> tuple[Pack | None, list[Problem]]:
    """The pack of these files alone, with its problems."""
    return loader.read(base=write(folder, files))


def changed(**files: str | None) -> dict[str, str]:
    """The small pack with files replaced, or taken out where they are None."""
    found = {**FILES, **files}
    return {name: text for name, text in found.items() if text is not None}


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    """The small pack with one piece of one file changed."""
    assert FILES[name].count(old) == 1, f"{name} holds {old!r} {FILES[name].count(old)} times"
    return {**FILES, name: FILES[name].replace(old, new)}
