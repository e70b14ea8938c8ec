"""Read what a language needs from its files, and say the interview's words in a practice's spelling."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from doorframe.engines.content import language
from doorframe.engines.content import schema as s
from doorframe.engines.content.language import Grammar, Spelling
from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source


def spelling(source: Source) -> Spelling:
    """One other spelling of the content's language."""
    table = toml_table(source, "a spelling")
    if table is None:
        return Spelling()
    words = table.raw.get("words", {})
    table.taken.add("words")
    if not isinstance(words, dict) or any(not isinstance(word, str) for word in words.values()):
        source.problem("`words` must be a table of words", source.line_of("words"))
        words = {}
    for word in words:
        # One pass must be enough, whoever spells first: the page, or the document made from what it shows.
        if words[word] in words or word != word.lower():
            source.problem(f"“{word}” must be in small letters, and what it becomes must not be respelled again",
                           source.line_of(word))  # fmt: skip
    found = Spelling(words, table.texts("keep"), table.text("date"))
    table.done()
    return found


def grammar(source: Source) -> Grammar:
    """The small customs of the content's own language."""
    table = toml_table(source, "the grammar")
    if table is None:
        return Grammar()
    found = Grammar(
        tag=table.text("tag", required=True), last=table.text("last", required=True), months=table.texts("months"),
        date=table.text("date", required=True), month=table.text("month", required=True),
        call=table.text("call", required=True), calls=table.texts("calls"),
        denies=table.texts("denies"), turns=table.texts("turns"), ends=table.texts("ends"),
    )  # fmt: skip
    table.done()
    if len(found.months) != 12:
        source.problem("`months` needs twelve names", source.line_of("months"))
    for key in ("denies", "turns", "ends"):
        for pattern in getattr(found, key):
            try:
                re.compile(pattern)
            except re.error as error:
                source.problem(f"“{pattern}” is not a pattern: {error}", source.line_of(key))
                found = replace(found, denies=(), turns=(), ends=())
    return found


def spoken(pack: s.Pack, tag: str) -> s.Pack:
    """The pack as it speaks to the person who answers: everything the interview shows is in their spelling.

    What documents are made of stays as it was written, since a document has a language of its own; so this pack
    can be used in every place of the other. It keeps the id and the hash: its meaning is the same.
    """
    found = pack.spelling.get(tag)
    if found is None:
        return pack
    say = partial(language.spell, spelling=found)
    return replace(
        pack,
        reader=found,
        sections=tuple(replace(item, name=say(item.name)) for item in pack.sections),
        screens=tuple(_screen(item, say) for item in pack.screens),
        contradictions=tuple(
            replace(item, message=say(item.message), why=say(item.why)) for item in pack.contradictions
        ),
        messages={id: say(sentence) for id, sentence in pack.messages.items()},
        checklists={id: _checklist(item, say) for id, item in pack.checklists.items()},
    )


_Say = partial[str]


def _screen(item: s.Screen, say: _Say) -> s.Screen:
    fields = tuple(_field(field, say) for field in item.fields)
    return replace(
        item, title=say(item.title), name=say(item.name), help=say(item.help), why=say(item.why), fields=fields
    )


def _field(item: s.Field, say: _Say) -> s.Field:
    return replace(
        item, label=say(item.label), hint=say(item.hint), why_required=say(item.why_required),
        options=tuple(_option(option, say) for option in item.options),
        columns=tuple(_field(column, say) for column in item.columns),
    )  # fmt: skip


def _option(item: s.Option, say: _Say) -> s.Option:
    """The label as it is shown; a document keeps the words it had, and an answers file may use either label."""
    label = say(item.label)
    aliases = item.aliases if label == item.label else (*item.aliases, item.label)
    return replace(item, label=label, hint=say(item.hint), phrase=item.phrase or item.label, aliases=aliases)


def _checklist(item: s.Checklist, say: _Say) -> s.Checklist:
    sections = tuple(
        replace(
            section, title=say(section.title), help=say(section.help),
            items=tuple(
                replace(inner, title=say(inner.title), explain=say(inner.explain),
                        fields=tuple(_field(field, say) for field in inner.fields))
                for inner in section.items
            ),
        )
        for section in item.sections
    )  # fmt: skip
    return replace(item, title=say(item.title), intro=say(item.intro), sections=sections)
