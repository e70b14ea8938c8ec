"""What the documents say: the passages of each topic, the contradictions, the short notices."""

from __future__ import annotations

from doorframe.cli.reference import words as w
from doorframe.engines.content.schema import Contradiction, Notice, Pack, Passage

_AUDIENCES = {"client": "policy", "staff": "staff handbook", "summary": "one-page summary", "spoken": "talking points"}
_ROLES = {
    "stance": "the stance", "scope": "whom and what it covers", "exception": "an exception",
    "happens": "what happens if it occurs", "reason": "the reason", "info": "something to know",
}  # fmt: skip


def clauses(pack: Pack) -> str:
    """Every passage with its condition, its citations and its words."""
    lines: list[str] = []
    for section in pack.sections:
        for topic in section.topics:
            lines += [f"## {topic}", "", f"{pack.topics[topic].name}. Headed “{pack.topics[topic].title}”.", ""]
            for passage in pack.passages_of[topic]:
                lines += _passage(pack, passage)
    lines += ["## Frames", "", "Words that stand before and after the topics of a document.", ""]
    for name in pack.frames:
        for passage in pack.frames[name]:
            lines += _passage(pack, passage)
    intro = (
        f"The library holds {len(pack.passages)} passages for {len(pack.topics)} topics. A passage is used when its "
        "condition holds. Words in braces are filled from answers, and `{I}` becomes “we” for a group practice."
    )
    return w.page("Clauses", intro, lines)


def _passage(pack: Pack, passage: Passage) -> list[str]:
    facts = [_ROLES[passage.role]]
    if passage.topic:
        facts.insert(0, _AUDIENCES[passage.audience])
    if not w.is_always(passage.when):
        facts.append(f"when {w.say(passage.when)}")
    if passage.cites:
        facts.append(f"rests on {w.cites(pack, passage.cites)}")
    lines = [f"`{passage.id}`: {'; '.join(facts)}.", ""]
    for paragraph in passage.paragraphs:
        if passage.listed:
            lines += [f"> - {_words(sentence)}" for sentence in paragraph]
        else:
            lines.append("> " + " ".join(_words(sentence) for sentence in paragraph))
        lines.append(">")
    return [*lines[:-1], ""]


def _words(sentence: str) -> str:
    """A sentence that shows its own signs: what a practice may type is never Markdown here."""
    for sign in "\\`*_[]<>":
        sentence = sentence.replace(sign, f"\\{sign}")
    return sentence


def contradictions(pack: Pack) -> str:
    """Every rule with what triggers it, what mends it and an example of each kind."""
    blocking = sum(rule.blocks for rule in pack.contradictions)
    lines: list[str] = []
    by_file: dict[str, list[Contradiction]] = {}
    for rule in pack.contradictions:
        by_file.setdefault(rule.file.rsplit("/", 1)[-1].removesuffix(".toml"), []).append(rule)
    for name, rules in by_file.items():
        lines += [f"## {name.replace('-', ' ').capitalize()}", ""]
        for rule in rules:
            lines += _rule(pack, rule)
    intro = (
        f"{len(pack.contradictions)} pairs of answers cannot stand together. {blocking} keep a policy from being "
        "published; the others ask for a second look. Each carries answers that set it off and answers that do not."
    )
    return w.page("Contradictions", intro, lines)


def _rule(pack: Pack, rule: Contradiction) -> list[str]:
    strength = "keeps the policy from being published" if rule.blocks else "asks for a second look"
    mend = ", ".join(f"[{pack.screen[id].name}](questions.md#{w.anchor(pack.screen[id].name)})" for id in rule.screens)
    lines = [f"### {rule.id}", "", rule.message, "", rule.why, "", f"- It {strength}. Mended on: {mend}."]
    if not w.is_always(rule.when):
        lines.append(f"- When {w.say(rule.when)}.")
    if rule.says:
        where = "any answer in own words" if "*" in rule.fields else ", ".join(f"`{field}`" for field in rule.fields)
        lines.append(f"- Looks in {where} for: {w.quoted(rule.says)}.")
    if rule.beside:
        lines.append(f"- Or for {w.quoted(rule.beside.says)}, in one sentence with {w.quoted(rule.beside.cues)}.")
    if rule.matches:
        lines.append(f"- Set off by {_example(rule.matches[0])}.")
    if rule.passes:
        lines.append(f"- Not by {_example(rule.passes[0])}.")
    return [*lines, ""]


def _example(answers: dict[str, object]) -> str:
    return ", ".join(f"`{key} = {_value(value)}`" for key, value in answers.items()) or "no answer at all"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    return '"' + str(value).replace("`", "'").replace("\n", " ") + '"'


def notices(pack: Pack) -> str:
    """Every short text with its place, its limit and its words."""
    lines: list[str] = []
    for notice in pack.notices:
        lines += _notice(pack, notice)
    intro = f"{len(pack.notices)} short texts to paste: profile lines, automatic replies, standard answers."
    return w.page("Notices and replies", intro, lines)


def _notice(pack: Pack, notice: Notice) -> list[str]:
    lines = [f"## {notice.title}", ""]
    lines += [f"{notice.where}.", ""] if notice.where else []
    facts = [f"`{notice.id}`"]
    if notice.limit:
        facts.append(f"at most {notice.limit} characters")
    if not w.is_always(notice.when):
        facts.append(f"offered when {w.say(notice.when)}")
    if notice.cites:
        facts.append(f"rests on {w.cites(pack, notice.cites)}")
    lines += ["; ".join(facts) + ".", ""]
    lines += [f"> {_words(line)}" for line in notice.text.strip().splitlines()]
    return [*lines, ""]
