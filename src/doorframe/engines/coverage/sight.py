"""What stands where in a text: its sentences with everything the audit's patterns see in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from doorframe.engines.content.audit import AuditRules
from doorframe.engines.coverage.blocks import Block, Sentence, read
from doorframe.engines.coverage.report import Quote
from doorframe.engines.patterns import Index, Pattern, pattern

Key = tuple[str, str, str]
"""What a pattern stands for: its kind, a topic or a defect, and an id.

Kinds are "cue", "bar", "part", "stance", "sign", "sign-bar", "sign-unless"; the id is that of a part or
stance, or a sign's number.
"""

NEAR = 3
"""So many sentences of the same paragraph after one about a topic are still read as about it."""


class Sieve:
    """The patterns of all topics, ready. Make it once: patterns are compiled as they are needed."""

    def __init__(self, rules: AuditRules) -> None:
        self.rules = rules
        self._index = Index(_patterns(rules))
        self._headings = Index(
            (pattern(cue, rules.classes), topic) for topic, rule in rules.topics.items() for cue in rule.headings
        )

    def seen(self, words: str) -> frozenset[Key]:
        """What the patterns of all topics see in one normalised sentence."""
        return frozenset(key for key, _ in self._index.search(words))

    def headed(self, words: str) -> frozenset[str]:
        """The topics that a heading names."""
        return frozenset(topic for topic, _ in self._headings.search(words))


def _patterns(rules: AuditRules) -> list[tuple[Pattern, Key]]:
    classes = rules.classes
    found: list[tuple[Pattern, Key]] = []
    for topic, rule in rules.topics.items():
        found += [(pattern(cue, classes), ("cue", topic, "")) for cue in rule.cues]
        found += [(pattern(cue, classes), ("bar", topic, "")) for cue in rule.bars]
        found += [(pattern(cue, classes), ("part", topic, part.id)) for part in rule.parts for cue in part.cues]
        found += [(pattern(cue, classes), ("stance", topic, one.id)) for one in rule.stances for cue in one.cues]
    for kind, defect in rules.defects.items():
        for number, sign in enumerate(defect.signs):
            found += [(pattern(cue, classes), ("sign", kind, str(number))) for cue in sign.cues]
            found += [(pattern(cue, classes), ("sign-bar", kind, str(number))) for cue in sign.bars]
            found += [(pattern(cue, classes), ("sign-unless", kind, str(number))) for cue in sign.unless]
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence with what was seen in it. block counts paragraphs; place counts sentences of the text.

    headed  topics that its heading names
    about   topics it is about in its own words
    """

    sentence: Sentence
    place: int
    block: int
    keys: frozenset[Key]
    headed: frozenset[str]
    about: frozenset[str]

    @property
    def words(self) -> str:
        """The plain words, with those that led into an item of a list."""
        return self.sentence.whole


@dataclass(frozen=True)
class Sight:
    """A whole text, looked at."""

    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[Seen, ...]
    rules: AuditRules = field(repr=False)

    def quote(self, one: Seen) -> Quote:
        """The sentence as it stands in the text."""
        return Quote(self.text[one.sentence.start : one.sentence.end], one.sentence.start, one.sentence.end)

    def on(self, topic: str) -> tuple[Seen, ...]:
        """The sentences about a topic: by their own words, by their heading, or close behind one that is."""
        return self._on.get(topic, ())

    @cached_property
    def anywhere(self) -> frozenset[Key]:
        """Everything that any sentence shows."""
        return frozenset().union(*(one.keys for one in self.sentences))

    @cached_property
    def _on(self) -> Mapping[str, tuple[Seen, ...]]:
        found: dict[str, dict[int, Seen]] = {}
        for one in self.sentences:
            for topic in one.about | one.headed:
                found.setdefault(topic, {})[one.place] = one
            for topic in one.about:
                for near in self._near(one, topic):
                    found[topic].setdefault(near.place, near)
        return {topic: tuple(ones[place] for place in sorted(ones)) for topic, ones in found.items()}

    def _near(self, one: Seen, topic: str) -> list[Seen]:
        """The sentence before and some behind, in the same paragraph, unless they are barred from the topic.

        Items of one list stand as near as sentences do, where they are about nothing else.
        """
        low, high = max(0, one.place - 1), one.place + NEAR + 1
        return [
            near
            for near in self.sentences[low:high]
            if near is not one
            and ("bar", topic, "") not in near.keys
            and (near.block == one.block or (self._listed(near, one) and not near.about))
        ]

    def _listed(self, near: Seen, one: Seen) -> bool:
        """Whether both are items of the same list."""
        low, high = sorted((near.block, one.block))
        return all(block.listed for block in self.blocks[low : high + 1])


def look(text: str, sieve: Sieve, progress: Callable[[int, int], None] | None = None) -> Sight:
    """Read a text and look at every sentence once. progress is called with sentences done and all of them."""
    blocks = read(text)
    total = sum(len(block.sentences) for block in blocks)
    title = _title(blocks)
    known: dict[str, frozenset[Key]] = {}
    found: list[Seen] = []
    for number, block in enumerate(blocks):
        headed = _headed(block, title, sieve)
        for sentence in block.sentences:
            if sentence.whole not in known:
                known[sentence.whole] = frozenset() if block.heading else sieve.seen(sentence.whole)
            keys = known[sentence.whole]
            found.append(Seen(sentence, len(found), number, keys, headed, _about(keys, sieve.rules)))
            if progress is not None:
                progress(len(found), total)
    return Sight(text, blocks, tuple(found), sieve.rules)


def _headed(block: Block, title: str, sieve: Sieve) -> frozenset[str]:
    """The topics of the nearest heading that names any; a paragraph may bring its own: "Friending: I do not…".

    title  the heading of the whole text, which says nothing about one paragraph
    """
    if block.heading:
        return frozenset()
    own, of_paragraph = _own_heading(block)
    topics = sieve.headed(own) if own else frozenset()
    if topics and of_paragraph:
        return topics
    for heading in reversed(block.headings[-2:]):
        found = sieve.headed(heading) if heading != title else frozenset()
        if found:
            return topics | found
    return topics


def _own_heading(block: Block) -> tuple[str, bool]:
    """The words before a colon, or a short first sentence; True where they surely head the paragraph."""
    first = block.sentences[0].plain
    own, colon, _ = first.partition(":")
    if colon and len(own.split()) <= 6:
        return own, True
    if len(block.sentences) > 1 and len(first.split()) <= 6:
        return first.rstrip("."), False
    return "", False


def _title(blocks: tuple[Block, ...]) -> str:
    """The heading of the whole text: the first one, where others follow."""
    headings = [block.sentences[0].plain for block in blocks if block.heading]
    return headings[0] if len(headings) > 1 and blocks[0].heading else ""


def _about(keys: frozenset[Key], rules: AuditRules) -> frozenset[str]:
    barred = {topic for kind, topic, _ in keys if kind == "bar"}
    cued = {topic for kind, topic, _ in keys if kind == "cue"}
    alone = {
        topic
        for kind, topic, id in keys
        if kind == "part" and any(part.id == id and part.alone for part in rules.topics[topic].parts)
    }
    return frozenset((cued | alone) - barred)
