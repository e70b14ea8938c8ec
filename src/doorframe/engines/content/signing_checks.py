"""What must hold in the words of signing: nothing is missing, every name resolves, every citation has been read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content import schema as s
from doorframe.engines.content import signing
from doorframe.engines.content.checks import COMPUTED, PLACEHOLDER, QUOTED, VOICE, atom_problem
from doorframe.engines.content.conditions import Condition, atoms

GIVEN: dict[str, str] = {
    "minutes": "how long the policy takes to read, in words: “four minutes”",
    "date": "a date in words: “21 November 2026”",
    "who": "the name of a person on the record: who signed, who explained",
    "version": "the number of the version",
}
"""Placeholders that a page gives, with what each says. A sentence without its value is left out."""

SAYS: dict[str, str] = {
    "greeting": "under the title, before the first clause",
    "help-now-title": "heading of the crisis box", "help-now": "the crisis box",
    "ask-label": "the link beside each clause", "ask": "over the box for a question", "asked": "once it is sent",
    "later": "for someone who would rather decide later",
    "choose-title": "heading over the choices", "choose": "over the choices",
    "typed": "beside the box for a typed name", "drawn": "beside the box for a drawn name",
    "signed-by": "what the name stands for, over the button",
    "decline-reason": "over the box for a reason", "declined": "that declining ends nothing",
    "paper": "how paper works", "verbal": "for who explains it aloud", "verbal-client": "that nothing is signed",
    "withdraw-title": "heading", "withdraw": "before the electronic way is withdrawn", "withdrawn": "once it is",
    "understanding-title": "heading", "understanding": "before the three questions",
    "understanding-skip": "the button past them", "understanding-right": "after a right answer",
    "understanding-other": "after another answer", "understanding-end": "after the last",
    "copy-title": "heading", "copy": "over the ways to get the copy",
    "changed-title": "heading", "changed": "for somebody who is asked again",
    "several": "where several people sign", "young": "for a young person whose guardian signs",
    "tablet": "on the practice’s tablet, before it starts", "tablet-end": "on the tablet, at the end",
    "countersign": "what the therapist says by signing",
}  # fmt: skip
"""The short texts that pages ask for, with where each stands."""

Place = tuple[str, str, str, bool]
"""File, what it is, a template, and whether the practice says it (then it is never a bare “I”)."""


def check(pack: s.Pack, words: signing.Signing) -> Iterator[s.Problem]:
    """Every problem that only shows when the files are read together."""
    yield from _complete(words)
    yield from _disclosures(words)
    yield from _questions(pack, words)
    yield from _conditions(pack, words)
    yield from _citations(pack, words)
    yield from _templates(pack, words)


def _complete(words: signing.Signing) -> Iterator[s.Problem]:
    known = (
        ("signing/choices.toml", "choice", signing.CHOICES, {one.id for one in words.choices}),
        ("signing/people.toml", "capacity", signing.CAPACITIES, words.capacities),
        ("signing/talking.toml", "prompt to talk", signing.TALKS, words.talks),
        ("signing/words.toml", "short text", SAYS, {say.id for say in words.says}),
    )
    for file, what, wanted, found in known:
        for id in wanted:
            if id not in found:
                yield s.Problem(file, 0, f"the {what} “{id}” is missing")
    for say in words.says:
        if say.id not in SAYS:
            yield s.Problem("signing/words.toml", 0, f"no page asks for the short text “{say.id}”")
    lists = (("people", "relationships", words.relationships), ("choices", "copies", words.copies),
             ("words", "numbers", words.numbers))  # fmt: skip
    for file, name, listed in lists:
        if not listed:
            yield s.Problem(f"signing/{file}.toml", 0, f"the list `{name}` is empty")
    if words.words_a_minute < 1:
        yield s.Problem("signing/words.toml", 0, "`words_a_minute` must be more than nothing")


def _disclosures(words: signing.Signing) -> Iterator[s.Problem]:
    if sum(one.fallback for one in words.disclosures) != 1:
        yield s.Problem("signing/disclosures", 0, "one disclosure must be the fallback, for every other place")
    for one in words.disclosures:
        told = {element for part in one.parts for element in part.elements}
        for element in one.needs:
            if element not in told:
                yield s.Problem(one.file, 0, f"no part of “{one.id}” tells of “{element}”, which it needs")


def _questions(pack: s.Pack, words: signing.Signing) -> Iterator[s.Problem]:
    for id, count in Counter(question.id for question in words.questions).items():
        if count > 1:
            yield s.Problem("signing/questions", 0, f"there are {count} questions called “{id}”")
    for question in words.questions:
        if question.topic not in pack.topics:
            yield s.Problem(question.file, 0, f"“{question.id}”: there is no topic “{question.topic}”")
        if sum(answer.right for answer in question.answers) != 1 or len(question.answers) < 2:
            yield s.Problem(question.file, 0, f"“{question.id}” needs two answers or more, one of them right")


def _conditional(words: signing.Signing) -> Iterator[tuple[str, str, Condition]]:
    for one in words.disclosures:
        yield one.file, f"the disclosure “{one.id}”", one.when
        for part in one.parts:
            yield one.file, f"the part “{part.id}”", part.when
    for choice in words.choices:
        yield "signing/choices.toml", f"the choice “{choice.id}”", choice.when
    for question in words.questions:
        yield question.file, f"the question “{question.id}”", question.when
    for say in words.says:
        yield "signing/words.toml", f"the short text “{say.id}”", say.when


def _conditions(pack: s.Pack, words: signing.Signing) -> Iterator[s.Problem]:
    for file, what, condition in _conditional(words):
        for atom in atoms(condition):
            message = atom_problem(pack, atom.name, atom.value)
            if message:
                yield s.Problem(file, 0, f"{what}: {message}")


def _citations(pack: s.Pack, words: signing.Signing) -> Iterator[s.Problem]:
    for one in words.disclosures:
        for ref in (ref for part in one.parts for ref in part.cites):
            if ref != GOOD_PRACTICE and not (ref in pack.references and pack.references[ref].verified):
                yield s.Problem(one.file, 0, f"there is no verified citation “{ref}”")


def _templates(pack: s.Pack, words: signing.Signing) -> Iterator[s.Problem]:
    known = {*pack.fields, *COMPUTED, *GIVEN, *(word for voice in pack.voices.values() for word in voice)}
    for file, what, template, practice in _places(words):
        names = PLACEHOLDER.findall(template)
        for name in names:
            if name not in known:
                yield s.Problem(file, 0, f"{what}: nothing fills the placeholder {{{name}}}")
        if not len(names) == template.count("{") == template.count("}"):
            yield s.Problem(file, 0, f"{what}: a brace is open or empty in “{template[:60]}”")
        bare = VOICE.search(QUOTED.sub("", PLACEHOLDER.sub("", template)))
        if practice and bare:
            yield s.Problem(file, 0, f"{what}: write {{I}}, {{me}} or {{my}}, not “{bare.group()}”: “{template[:60]}”")


def _places(words: signing.Signing) -> Iterator[Place]:
    """Every template. What a client, a guardian or a therapist says in their own name is no matter of voice."""
    for one in words.disclosures:
        what = f"the disclosure “{one.id}”"
        yield from _each(one.file, what, [one.title, *(part.title for part in one.parts)])
        yield from _each(one.file, what, (line for part in one.parts for line in _lines(part.text)))
        yield from _each(one.file, what, [one.agree, one.paper], practice=False)
    for choice in words.choices:
        what = f"the choice “{choice.id}”"
        yield from _each("signing/choices.toml", what, [choice.explain, choice.after_title, *_lines(choice.after)])
        yield from _each("signing/choices.toml", what, [choice.label], practice=False)
    for way in words.copies.values():
        yield from _each("signing/choices.toml", f"the copy “{way.id}”", [way.label, way.explain])
    for capacity in words.capacities.values():
        what = f"the capacity “{capacity.id}”"
        yield from _each("signing/people.toml", what, [capacity.explain])
        yield from _each("signing/people.toml", what, [capacity.label, capacity.statement], practice=False)
    for relation in words.relationships.values():
        what = f"the relationship “{relation.id}”"
        yield from _each("signing/people.toml", what, [relation.label, relation.authority])
    for question in words.questions:
        texts = [question.text, question.explain, *(answer.text for answer in question.answers)]
        yield from _each(question.file, f"the question “{question.id}”", texts)
    for talk in words.talks.values():
        what = f"the prompt “{talk.id}”"
        yield from _each("signing/talking.toml", what, [talk.title, talk.why, *_lines(talk.opening), *talk.points])
    for say in words.says:
        what = f"the short text “{say.id}”"
        yield from _each("signing/words.toml", what, _lines(say.text), practice=not say.own)


def _each(file: str, what: str, texts: Iterable[str], *, practice: bool = True) -> Iterator[Place]:
    return ((file, what, text, practice) for text in texts)


def _lines(text: signing.Text) -> Iterator[str]:
    return (sentence for paragraph in text for sentence in paragraph)
