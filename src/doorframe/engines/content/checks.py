"""What must hold between content files: names resolve, citations are verified, every topic is asked and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content import schema as s
from doorframe.engines.content.conditions import Condition, atoms
from doorframe.engines.content.links import law, law_conditions, links

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*)\}")
QUOTED = re.compile("“[^”]*”")  # the name of a place: “About me”
VOICE = re.compile(r"\b(I|me|my|mine|myself|we|us|our|ours|ourselves|We|My|Our)\b")

COMPUTED: dict[str, str] = {
    "therapist_short": "the therapist’s name without what follows the first comma, “Dr Imani Cole”",
    "practice_accounts": "the professional accounts by name, “Instagram (@harbour) and LinkedIn”",
    "practice_platforms": "the platforms of the professional accounts, “Instagram and LinkedIn”",
    "emergency_number": "the number to call in danger, “911”",
    "crisis_line": "the first crisis line in words, “call or text 988 (988 Suicide and Crisis Lifeline)”",
    "effective_date": "the date printed on the document, “21 November 2026”",
    "breach_client": "what clients are told about a privacy breach where the practice is",
    "breach_staff": "what staff are told about a privacy breach where the practice is",
    "testimonial_use": "what the practice's own rules say about using a testimonial",
}
"""Placeholders that assembly works out from several answers, with what each says."""


NAMED_ACCOUNTS = "named_accounts"
"""The rows of `accounts` that the policy names, as a fact of its own: "named_accounts.platform:pinterest"."""


def cross_check(pack: s.Pack) -> list[s.Problem]:
    """Every problem that only shows when the files are read together."""
    problems = [
        *_fields(pack),
        *_conditions(pack),
        *_citations(pack),
        *_topics(pack),
        *_placeholders(pack),
        *_voice(pack),
    ]
    problems += _outputs(pack)
    problems += [*links(pack), *law(pack)]
    return problems


def _fields(pack: s.Pack) -> Iterator[s.Problem]:
    seen: dict[str, str] = {}
    sections = {section.id for section in pack.sections}
    for screen in pack.screens:
        if screen.section not in sections:
            yield s.Problem(screen.file, 0, f"there is no section “{screen.section}” in policy/pack.toml")
        if not screen.fields:
            yield s.Problem(screen.file, 0, f"the screen “{screen.id}” asks nothing: it needs a stance or a field")
        for topic in screen.topics:
            if topic not in pack.topics:
                yield s.Problem(screen.file, 0, f"there is no topic “{topic}” in policy/pack.toml")
        for field in screen.fields:
            if field.id in seen:
                yield s.Problem(screen.file, 0, f"the field “{field.id}” stands in {seen[field.id]} too")
            seen[field.id] = screen.file
            yield from _field(screen, field)


def _field(screen: s.Screen, field: s.Field) -> Iterator[s.Problem]:
    if field.kind in {"choice", "choices"} and not field.options:
        yield s.Problem(screen.file, 0, f"the field “{field.id}” needs options")
    if field.kind == "rows" and not field.columns:
        yield s.Problem(screen.file, 0, f"the field “{field.id}” needs columns")
    known = {option.id for option in field.options}
    for default in field.defaults:
        values = default.value if isinstance(default.value, list) else [default.value]
        if field.options and any(value not in known for value in values):
            yield s.Problem(screen.file, 0, f"the default of “{field.id}” is not among its options")


def _everything_conditional(pack: s.Pack) -> Iterator[tuple[str, int, str, Condition]]:
    for screen in pack.screens:
        yield screen.file, 0, f"the screen “{screen.id}”", screen.when
        for field in screen.fields:
            yield screen.file, 0, f"the field “{field.id}”", field.when
            if field.required_when is not None:
                yield screen.file, 0, f"the field “{field.id}”", field.required_when
            for option in field.options:
                yield screen.file, 0, f"an option of “{field.id}”", option.when
            for default in field.defaults:
                yield screen.file, 0, f"a default of “{field.id}”", default.when
    for passage in (*pack.passages, *(passage for frame in pack.frames.values() for passage in frame)):
        yield passage.file, passage.line, f"the passage “{passage.id}”", passage.when
    for rule in pack.contradictions:
        yield rule.file, 0, f"the contradiction “{rule.id}”", rule.when
    for notice in pack.notices:
        yield notice.file, 0, f"the notice “{notice.id}”", notice.when
    for name, condition in pack.derived.items():
        yield "policy/derived.toml", 0, f"the fact “{name}”", condition
    for ref in pack.references.values():
        yield f"{ref.pack}.toml", 0, f"the pack “{ref.pack}”", ref.when
    yield from law_conditions(pack)


def _conditions(pack: s.Pack) -> Iterator[s.Problem]:
    reported: set[tuple[str, str]] = set()
    for file, line, what, condition in _everything_conditional(pack):
        for atom in atoms(condition):
            message = atom_problem(pack, atom.name, atom.value)
            if message and (file, message) not in reported:
                reported.add((file, message))
                yield s.Problem(file, line, f"{what}: {message}")


def atom_problem(pack: s.Pack, name: str, value: str) -> str:
    if name in pack.derived:
        return f"the derived fact “{name}” takes no value" if value else ""
    base = name.split(".", 1)[0]
    field = pack.fields.get("accounts" if base == NAMED_ACCOUNTS else base)
    if field is None:
        return f"no question and no derived fact is called “{name}”"
    if "." in name:
        column = name.split(".", 1)[1]
        match = next((item for item in field.columns if item.id == column), None)
        if match is None:
            return f"“{field.id}” has no column “{column}”"
        field = match
    if value and field.options and value not in {option.id for option in field.options}:
        return f"“{name}” can be {some(field.options)}; not “{value}”"
    return ""


def some(options: tuple[s.Option, ...], most: int = 12) -> str:
    """The ids of the options, the first few of a long list."""
    shown = ", ".join(option.id for option in options[:most])
    return shown if len(options) <= most else f"{shown} and {len(options) - most} more"


def _citations(pack: s.Pack) -> Iterator[s.Problem]:
    citing = [(passage.file, passage.line, passage.cites) for passage in pack.passages]
    citing += [(passage.file, passage.line, passage.cites) for frame in pack.frames.values() for passage in frame]
    citing += [(screen.file, 0, screen.cites) for screen in pack.screens]
    citing += [(notice.file, 0, notice.cites) for notice in pack.notices]
    for file, line, cites in citing:
        for ref in cites:
            if ref == GOOD_PRACTICE:
                continue
            if ref not in pack.references:
                yield s.Problem(file, line, f"the citation “{ref}” resolves to no clause in ethics/ or law/")
            elif not pack.references[ref].verified:
                yield s.Problem(file, line, f"the citation “{ref}” is not verified: nobody has read its wording yet")
    for passage in pack.passages:
        if passage.role == "stance" and passage.audience == "client" and not passage.cites:
            yield s.Problem(
                passage.file,
                passage.line,
                f'“{passage.id}” states a rule: it needs cites, or cites = ["good-practice"]',
            )


def _topics(pack: s.Pack) -> Iterator[s.Problem]:
    asked = {topic for screen in pack.screens for topic in screen.topics}
    for topic in pack.topics:
        audiences = {passage.audience for passage in pack.passages_of[topic]}
        file = f"policy/clauses/{topic}.md"
        if topic not in asked:
            yield s.Problem(file, 0, f"no screen asks about the topic “{topic}”")
        for audience in ("client", "staff"):
            if audience not in audiences:
                yield s.Problem(file, 0, f"the topic “{topic}” has no passage for {audience}")


def _templates(pack: s.Pack) -> Iterator[tuple[s.Passage, str]]:
    for passage in (*pack.passages, *(passage for frame in pack.frames.values() for passage in frame)):
        for paragraph in passage.paragraphs:
            for sentence in paragraph:
                yield passage, sentence


def _placeholders(pack: s.Pack) -> Iterator[s.Problem]:
    known = {*pack.fields, *COMPUTED, *(word for words in pack.voices.values() for word in words)}
    for passage, sentence in _templates(pack):
        for name in PLACEHOLDER.findall(sentence):
            if name not in known:
                yield s.Problem(passage.file, passage.line, f"“{passage.id}”: nothing fills the placeholder {{{name}}}")
        if sentence.count("{") != len(PLACEHOLDER.findall(sentence)) or sentence.count("{") != sentence.count("}"):
            yield s.Problem(
                passage.file, passage.line, f"“{passage.id}”: a brace is open or empty in “{sentence[:60]}”"
            )
    for file, what, text in _short_texts(pack):
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                yield s.Problem(file, 0, f"{what}: nothing fills the placeholder {{{name}}}")
        if text.count("{") != len(PLACEHOLDER.findall(text)) or text.count("{") != text.count("}"):
            yield s.Problem(file, 0, f"{what}: a brace is open or empty in “{text[:60]}”")


def _short_texts(pack: s.Pack) -> Iterator[tuple[str, str, str]]:
    """Everything else that is filled: headings, notices, and options as they read inside a sentence."""
    for section in pack.sections:
        yield "policy/pack.toml", f"the section “{section.id}”", section.title
    for topic in pack.topics.values():
        yield "policy/pack.toml", f"the topic “{topic.id}”", topic.title
    for output in pack.outputs.values():
        yield output.file, f"the output “{output.id}”", output.title
        for part in output.parts:
            yield output.file, f"a part of “{output.id}”", part.title
    for notice in pack.notices:
        for text in (notice.title, notice.where, notice.text):
            yield notice.file, f"the notice “{notice.id}”", text
    for screen in pack.screens:
        for field in screen.fields:
            for option in field.options:
                yield screen.file, f"the option “{option.id}” of “{field.id}”", option.phrase


def _voice(pack: s.Pack) -> Iterator[s.Problem]:
    """One document speaks as I or as we, never both: so prose writes {I}, {my}, {me}, never the bare word."""
    for passage, sentence in _templates(pack):
        bare = VOICE.search(PLACEHOLDER.sub("", sentence))
        if bare and passage.audience in {"client", "summary"}:
            yield s.Problem(
                passage.file,
                passage.line,
                f"“{passage.id}”: write {{I}}, {{me}} or {{my}}, not “{bare.group()}”: “{sentence[:60]}”",
            )
    for file, what, text in _short_texts(pack):
        bare = VOICE.search(QUOTED.sub("", PLACEHOLDER.sub("", text)))
        if bare:
            yield s.Problem(file, 0, f"{what}: write {{I}}, {{me}} or {{my}}, not “{bare.group()}”: “{text[:60]}”")


def _outputs(pack: s.Pack) -> Iterator[s.Problem]:
    for output in pack.outputs.values():
        for part in output.parts:
            if part.frame and part.frame not in pack.frames:
                yield s.Problem(output.file, 0, f"there is no frame “{part.frame}” in policy/frames")
    for notice in pack.notices:
        if notice.limit and len(PLACEHOLDER.sub("", notice.text)) > notice.limit:
            yield s.Problem(
                notice.file, 0, f"the notice “{notice.id}” is longer than its limit of {notice.limit} characters"
            )
