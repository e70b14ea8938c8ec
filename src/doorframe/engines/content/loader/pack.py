"""Folder in, checked Pack out, or every problem with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from doorframe.engines.content import checklists, languages, parts
from doorframe.engines.content import schema as s
from doorframe.engines.content.checks import cross_check
from doorframe.engines.content.conditions import Condition, parse
from doorframe.engines.content.language import Grammar
from doorframe.engines.content.loader.files import OWN, ContentError, decode, digest, files_of, under
from doorframe.engines.content.reader import Parse, Source

_FOLDERS = (
    "ethics/", "law/", "language/", "checklists/", "policy/clauses/", "policy/contradictions/", "policy/derived/",
    "policy/frames/", "policy/notices/", "policy/outputs/", "policy/questions/",
)  # fmt: skip
_FILES = frozenset(
    f"policy/{name}.toml" for name in ("pack", "derived", "labels", "messages", "placeholders", "platforms", "voice")
)


def load(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> s.Pack:
    """The pack in force: our content, with the files of each extra folder added or put in their place.

    toml reads the tables of base; what others wrote is always parsed.
    Raises ContentError when anything is wrong with any file, and OSError when a folder cannot be read.
    """
    pack, problems = read(*extra, base=base, toml=toml)
    if problems or pack is None:
        raise ContentError(problems)
    return pack


def read(*extra: Path, base: Path = OWN, toml: Parse = tomllib.loads) -> tuple[s.Pack | None, list[s.Problem]]:
    """Like `load`, but returns the problems beside whatever could be read."""
    own = dict(files_of(base))
    files = {**own}
    for folder in extra:
        files.update(files_of(folder))
    problems: list[s.Problem] = []
    sources = {
        name: Source(name, decode(name, data, problems), problems, toml if data is own.get(name) else tomllib.loads)
        for name, data in sorted(files.items())
    }
    pack = _build(sources, digest(files), problems)
    problems += _strangers(sources)
    if pack is not None:
        problems.extend(cross_check(pack))
    # A file that is read twice says what is wrong with it twice.
    return pack, list(dict.fromkeys(problems))


def _strangers(sources: dict[str, Source]) -> Iterator[s.Problem]:
    """Files that nothing reads: a wrong name would otherwise leave them out without a word."""
    for name in sources:
        if not name.startswith(_FOLDERS) and name not in _FILES and not name.endswith("README.md"):
            yield s.Problem(name, 0, "nothing reads this file: its name or its folder is not one of ours")


def _build(sources: dict[str, Source], sha256: str, problems: list[s.Problem]) -> s.Pack | None:
    if "policy/pack.toml" not in sources:
        problems.append(s.Problem("policy/pack.toml", 0, "the pack itself is missing"))
        return None
    head = parts.toml_table(sources["policy/pack.toml"], "the pack")
    if head is None:
        return None
    sections, topics = [], {}
    titles, names = head.table("topics", "the topics"), head.table("names", "the names")
    for row in head.tables("sections", "a section"):
        id = row.text("id", required=True)
        section = s.PolicySection(id, row.text("title", required=True), row.text("name", required=True),
                                  row.texts("topics"), names.text(id, required=True) if names else id)  # fmt: skip
        row.done()
        sections.append(section)
    for section in sections:
        for topic in section.topics:
            title = titles.text(topic, required=True) if titles else topic
            name = names.text(topic, required=True) if names else title
            topics[topic] = s.Topic(topic, title, name, section.id)
    for table in (titles, names):
        if table:
            table.done()
    scopes_table = head.table("scopes", "the scopes")
    scopes = {}
    for kind in ("clients", "accounts", "happens"):
        scopes[kind] = tuple(parts.option(row) for row in scopes_table.tables(kind, "a scope")) if scopes_table else ()
    pack_id, version = head.text("id", required=True), head.text("version", required=True)
    head.done()
    messages = _words(sources, "policy/messages.toml").get("messages", {})
    return s.Pack(
        id=pack_id, version=version, sha256=sha256, sections=tuple(sections), topics=topics,
        screens=_screens(sources, scopes, messages), passages=_passages(sources, topics), frames=_frames(sources),
        contradictions=tuple(item for name in under(sources, "policy/contradictions/")
                             for item in parts.contradiction(sources[name])),
        outputs=_outputs(sources),
        notices=tuple(item for name in under(sources, "policy/notices/") for item in parts.notices(sources[name])),
        references={item.ref: item for folder in ("ethics/", "law/") for name in under(sources, folder)
                    for item in parts.references(sources[name])},
        derived=_derived(sources), voices=_words(sources, "policy/voice.toml"),
        spelling={name.removeprefix("language/").removesuffix(".toml"): languages.spelling(sources[name])
                  for name in under(sources, "language/") if name != "language/grammar.toml"},
        grammar=languages.grammar(sources["language/grammar.toml"]) if "language/grammar.toml" in sources
        else Grammar(), messages=messages,
        labels=_words(sources, "policy/labels.toml").get("labels", {}), platforms=_platforms(sources),
        crisis=tuple(parts.crisis_lines(sources["law/crisis.toml"])) if "law/crisis.toml" in sources else (),
        placeholder_patterns=_patterns(sources),
        law={name.removeprefix("law/").removesuffix(".toml"): _raw(sources[name])
             for name in under(sources, "law/") if name != "law/crisis.toml"},
        checklists={read.id: read for name in under(sources, "checklists/")
                    if (read := checklists.checklist(sources[name])) is not None},
    )  # fmt: skip


def _screens(sources: dict[str, Source], scopes: parts.Scopes, said: parts.Said) -> tuple[s.Screen, ...]:
    platforms = tuple(s.Option(item.id, item.name, phrase=item.name) for item in _platforms(sources))
    found = [parts.screen(sources[name], scopes, said) for name in under(sources, "policy/questions/")]
    screens = [
        replace(screen, fields=tuple(_with_platforms(item, platforms) for item in screen.fields))
        for screen in found
        if screen is not None
    ]
    return tuple(sorted(screens, key=lambda screen: screen.order))


def _with_platforms(field: s.Field, platforms: tuple[s.Option, ...]) -> s.Field:
    columns = tuple(_with_platforms(column, platforms) for column in field.columns)
    options = platforms if field.options_from == "platforms" else field.options
    return replace(field, options=options, columns=columns)


def _passages(sources: dict[str, Source], topics: dict[str, s.Topic]) -> tuple[s.Passage, ...]:
    found: list[s.Passage] = []
    for name in under(sources, "policy/clauses/"):
        topic = name.rsplit("/", 1)[-1].removesuffix(".md")
        if topic not in topics:
            sources[name].problem(f"there is no topic “{topic}” in policy/pack.toml; the file name must be a topic id")
            continue
        found += parts.passages(sources[name], topic)
    return tuple(found)


def _frames(sources: dict[str, Source]) -> dict[str, tuple[s.Passage, ...]]:
    return {
        name.rsplit("/", 1)[-1].removesuffix(".md"): tuple(parts.passages(sources[name], None))
        for name in under(sources, "policy/frames/")
    }


def _outputs(sources: dict[str, Source]) -> dict[str, s.Output]:
    found = [parts.output(sources[name]) for name in under(sources, "policy/outputs/")]
    return {item.id: item for item in sorted((item for item in found if item), key=lambda item: item.order)}


def _derived(sources: dict[str, Source]) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    for name in under(sources, "policy/derived"):
        for fact, raw in _raw(sources[name]).items():
            try:
                found[fact] = parse(raw)
            except ValueError as error:
                sources[name].problem(f"`{fact}`: {error}", sources[name].line_of(fact))
    return found


def _words(sources: dict[str, Source], name: str) -> dict[str, dict[str, str]]:
    if name not in sources:
        return {}
    found: dict[str, dict[str, str]] = {}
    for group, words in _raw(sources[name]).items():
        if not isinstance(words, dict) or any(not isinstance(word, str) for word in words.values()):
            sources[name].problem(f"`{group}` must be a table of words", sources[name].line_of(group))
            continue
        found[group] = words
    return found


def _platforms(sources: dict[str, Source]) -> tuple[s.Platform, ...]:
    source = sources.get("policy/platforms.toml")
    table = parts.toml_table(source, "the platforms") if source else None
    if table is None:
        return ()
    found = []
    for row in table.tables("platforms", "a platform"):
        found.append(
            s.Platform(row.text("id", required=True), row.text("name", required=True), row.number("profile_limit"))
        )
        row.done()
    table.done()
    return tuple(found)


def _patterns(sources: dict[str, Source]) -> tuple[str, ...]:
    """Marks that a template leaves behind. Each must be a regular expression that compiles."""
    source = sources.get("policy/placeholders.toml")
    table = parts.toml_table(source, "the placeholder marks") if source else None
    if source is None or table is None:
        return ()
    patterns = table.texts("patterns")
    table.done()
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            source.problem(f"“{pattern}” is not a pattern: {error}", source.line_of("patterns"))
            return ()
    return patterns


def _raw(source: Source) -> dict[str, object]:
    table = parts.toml_table(source, "this file")
    return table.raw if table else {}
