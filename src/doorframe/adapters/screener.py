"""One thing to ask whether a draft may go out, for every door: the rules with whatever readers are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from doorframe.adapters import names as reader_of_names
from doorframe.adapters import second_reader
from doorframe.adapters.names import Names, NoNames
from doorframe.engines.content import loader
from doorframe.engines.content.screening import ScreeningRules
from doorframe.engines.content.screening_people import PeopleTables
from doorframe.engines.screening import identifiers, people
from doorframe.engines.screening import screen as engine
from doorframe.engines.screening.sight import Sieve
from doorframe.engines.screening.verdict import Authorisation, Draft, People, Profile, Verdict, whole


class Screener:
    """Rules, a reader of names and a second reader, ready. Safe to share between threads.

    rules   what `loader.load_screening` gives
    tables  gives the open tables, asked when a story is first told
    names   a reader of names; without one only what has a form of its own is seen, and the verdict says so
    reader  the second reader; None where there is none, which the verdict says too
    """

    def __init__(
        self,
        rules: ScreeningRules,
        names: Names | None = None,
        reader: second_reader.SecondReader | None = None,
        tables: Callable[[], PeopleTables] = loader.load_people,
    ) -> None:
        self.sieve = Sieve(rules)
        self._tables = cache(tables)
        self.names = names or NoNames()
        self.reader = reader

    @property
    def release(self) -> str:
        """What judges: the hash of the rules, and the readers that are there."""
        readers = [self.names.name, self.reader.name if self.reader else ""]
        return " · ".join([f"rules {self.sieve.rules.sha256[:12]}", *filter(None, readers)])

    def screen(
        self, draft: Draft, *, profile: Profile | None = None, authorisation: Authorisation | None = None
    ) -> Verdict:
        """Judge one draft, with everything that is there."""
        draft = replace(draft, text=whole(draft.text))
        read = self.read(draft)
        combination = self.reader.combination if self.reader else None
        return engine.screen(
            draft, self.sieve, read, profile=profile, authorisation=authorisation, combination=combination
        )

    def screen_all(self, drafts: Iterable[Draft]) -> Iterator[Verdict]:
        """Judge many, one after the other; nothing is kept between them."""
        for draft in drafts:
            yield self.screen(draft)

    def read(self, draft: Draft) -> engine.Read:
        """What every reader that is there reads in a draft, before it is judged."""
        marked = [engine.Marked(one.kind, one.start, one.end) for one in self.names.find(draft.text)]
        marked += [engine.Marked(one.kind, one.start, one.end) for one in identifiers.find(draft.text)]
        reading = self.reader.read(draft) if self.reader else None
        missing = [] if self.names.name else ["names"]
        missing += [] if self.reader else ["second-reader"]
        reader = self.reader.name if self.reader else ""
        return engine.Read(tuple(marked), lambda: self._people(draft), reading, self.names.name, reader, tuple(missing))

    def _people(self, draft: Draft) -> People | None:
        tables = self._tables()
        return people.estimate(people.details(draft.text, tables), tables, draft.country, draft.region)


def with_everything(rules: ScreeningRules, *, model: Path | None = None) -> Screener:
    """A screener with each reader that is installed here."""
    return Screener(rules, reader_of_names.load(), second_reader.load(model))


def as_data(verdict: Verdict) -> dict[str, object]:
    """A verdict as the command line and the programming interface give it."""
    return {
        "outcome": verdict.outcome,
        "findings": [
            {
                "rule": one.rule, "family": one.family, "start": one.start, "end": one.end, "text": one.text,
                "outcome": one.outcome, "why": one.why, "cites": list(one.cites),
            }
            for one in verdict.findings
        ],
        "people": {
            "low": verdict.people.low, "high": verdict.people.high, "said": verdict.people.said,
            "assumptions": list(verdict.people.assumptions),
        } if verdict.people else None,
        "self_risk": verdict.self_risk,
        "others_risk": verdict.others_risk,
        "rewrites": [
            {
                "id": one.id, "family": one.family, "step": one.step, "start": one.start, "end": one.end,
                "words": one.words, "label": one.label,
            }
            for one in verdict.rewrites
        ],
        "names_model": verdict.names_model,
        "second_reader": verdict.reader,
        "missing": list(verdict.missing),
    }  # fmt: skip
