"""Fill a sentence: the practice's voice, its answers, its spelling; each sentence remembers its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from doorframe.engines.content.checks import PLACEHOLDER
from doorframe.engines.content.conditions import holds, parse
from doorframe.engines.content.language import Grammar, Spelling, join_words, say_date, say_month, spell
from doorframe.engines.content.schema import Field, Pack
from doorframe.engines.text import Span

_RESTS_ON = {"therapist_short": "therapist_name"}
"""Computed words that are the practice's own: the answer they come from."""
_REGIONS = {"US": "US", "CA": "CA", "AU": "AU", "IE": "IE", "UK": "GB"}


@dataclass(frozen=True)
class Words:
    """Everything needed to fill a sentence for one practice.

    facts     resolved answers (see interview.facts.resolve)
    dated     ISO date of the document
    language  "en-US" or "en-GB" spelling; the document's tag may be finer ("en-AU")
    """

    pack: Pack
    facts: Mapping[str, object]
    dated: str

    @cached_property
    def voice(self) -> Mapping[str, str]:
        chosen = "group" if self.facts.get("practice") == "group" else "solo"
        return self.pack.voices.get(chosen, {})

    @cached_property
    def language(self) -> str:
        """The document's language tag: chosen, or the content's language as it is written in the country."""
        chosen, tag = self.facts.get("language"), self.pack.grammar.tag
        if isinstance(chosen, str) and chosen.split("-")[0] == tag.split("-")[0]:
            return chosen
        region = _REGIONS.get(str(self.facts.get("country")), "GB" if tag == "en" else "")
        return f"{tag}-{region}" if region and "-" not in tag else tag

    @cached_property
    def _spelling(self) -> Spelling | None:
        return self.pack.spelling.get(self.language)

    @cached_property
    def computed(self) -> dict[str, str]:
        return _computed(self)

    def spell(self, text: str) -> str:
        """Our own words in the practice's spelling. Never applied to what the practice wrote itself."""
        return spell(text, self._spelling)

    def join(self, words: list[str]) -> str:
        """ "a, b and c", as the language of the content says it."""
        return join_words(words, self.pack.grammar.last)

    def date(self, iso: str) -> str:
        """A date as people there say it."""
        return say_date(iso, self.pack.grammar, self._spelling)

    def month(self, iso: str) -> str:
        """The month and the year of a date; "" for none."""
        return say_month(iso, self.pack.grammar)

    def fill(self, template: str, *, starts: bool = True) -> str:
        """A template with every placeholder filled, as plain text. starts False for words inside a sentence."""
        return "".join(self._pieces(template, starts))

    def sentence(self, template: str) -> str:
        """A whole sentence, or "" where an answer it names has not been given.

        A sentence with a hole in it says something false or nothing at all ("call  now"), so a draft leaves it out;
        the gap itself is reported where answers are checked.
        """
        if not all(self.value(name) for name in PLACEHOLDER.findall(template)):
            return ""
        return self.fill(template)

    def span(self, template: str, answers: tuple[str, ...] = (), end: str = "") -> Span:
        """One sentence as a Span that knows the answers it rests on; its text is "" where one of them is missing.

        end is what separates it from the next."""
        found = [_RESTS_ON.get(name, name) for name in PLACEHOLDER.findall(template)]
        names = [name for name in found if name in self.pack.fields]
        own = any(self._is_own(name) for name in names)
        sources = tuple(dict.fromkeys((*answers, *names)))
        text = self.sentence(template)
        return Span(text + end if text else "", sources, own)

    def _is_own(self, name: str) -> bool:
        return self.pack.fields[name].kind in {"text", "long-text"}

    def _pieces(self, template: str, begins: bool) -> list[str]:
        pieces: list[str] = []
        position = 0
        starts = begins
        for match in PLACEHOLDER.finditer(template):
            between = template[position : match.start()]
            pieces.append(self.spell(between))
            # Only our own full stop begins a sentence: the one in "Harbour Ltd." does not.
            starts = between.rstrip().endswith((".", "?", "!")) if between.strip() else starts
            value = self.value(match.group(1))
            after = template[match.end() : match.end() + 1]
            if after == "." and value.endswith((".", "!", "?")):
                value = value[:-1]
            if (
                not after
                and value
                and not value.endswith((".", "!", "?", "”", ")"))
                and self._ends_sentence(match.group(1))
            ):
                value += "."
            pieces.append(value[:1].upper() + value[1:] if starts and not self._keeps_case(match.group(1)) else value)
            position = match.end()
            starts = starts if not value else self._is_sentence(match.group(1)) and value.endswith((".", "?", "!"))
        pieces.append(self.spell(template[position:]))
        return pieces

    def _ends_sentence(self, name: str) -> bool:
        """What the practice wrote as a whole sentence gets its full stop where it was left out."""
        field = self.pack.fields.get(name)
        return field is not None and field.kind == "long-text" and name != "address"

    def _is_sentence(self, name: str) -> bool:
        """Whether a value can be whole sentences: a choice's phrase, or what the practice wrote at length."""
        field = self.pack.fields.get(name)
        return field is not None and field.kind in {"choice", "long-text"}

    def _keeps_case(self, name: str) -> bool:
        """Addresses and names stand as they were given, also first in a sentence: "iMind Practice"."""
        field = self.pack.fields.get(_RESTS_ON.get(name, name))
        return field is not None and (field.kind in {"email", "url"} or field.autocomplete in {"organization", "name"})

    def value(self, name: str) -> str:
        """What a placeholder stands for, as plain text; "" where there is nothing to say."""
        if name in self.voice:
            return self.voice[name]
        if name in self.pack.fields:
            return self._answer(self.pack.fields[name])
        return self.computed.get(name, "")

    def _answer(self, field: Field) -> str:
        value = self.facts.get(field.id)
        if field.kind == "choice":
            return self._phrase(field, str(value or ""))
        if field.kind == "choices" and isinstance(value, list):
            return self.join([self._phrase(field, str(item)) for item in value])
        if isinstance(value, str):
            separator = ", " if field.id == "address" else " "
            return separator.join(line.strip().rstrip(",") for line in value.splitlines() if line.strip())
        return ""

    def _phrase(self, field: Field, value: str) -> str:
        option = field.option(value)
        if option is None:
            return ""
        return self.fill(option.phrase or option.label, starts=False)


def account_rows(facts: Mapping[str, object], *kinds: str) -> list[Mapping[str, str]]:
    """The accounts of the given kinds, in the order in which they were listed."""
    rows = facts.get("accounts")
    if not isinstance(rows, (list, tuple)):
        return []
    return [row for row in rows if isinstance(row, Mapping) and row.get("kind") in kinds]


def account_name(pack: Pack, row: Mapping[str, str]) -> str:
    """ "Instagram (@harbour)"; the platform alone without a handle; the handle alone where the platform is a kind."""
    name = next((platform.name for platform in pack.platforms if platform.id == row.get("platform")), "")
    handle = row.get("handle", "")
    if handle and name[:1].islower():
        return handle
    return f"{name} ({handle})" if handle else name


def _computed(words: Words) -> dict[str, str]:
    facts, pack = words.facts, words.pack
    professional = account_rows(facts, "professional")
    platforms = list(dict.fromkeys(account_name(pack, {"platform": row.get("platform", "")}) for row in professional))
    lines = facts.get("crisis_lines")
    first = lines[0] if isinstance(lines, list) and lines and isinstance(lines[0], Mapping) else {}
    return {
        "therapist_short": words.value("therapist_name").partition(",")[0].strip(),
        "practice_accounts": words.join([account_name(pack, row) for row in professional]),
        "practice_platforms": words.join(platforms),
        "crisis_line": _crisis_line(pack.grammar, first),
        "effective_date": words.date(words.dated),
        **_law_sentences(words),
    }


def _crisis_line(grammar: Grammar, line: Mapping[str, str]) -> str:
    """ "call or text 988 (988 Suicide and Crisis Lifeline)"."""
    if not line.get("number"):
        return ""
    how = line.get("how", "").split(",")[0].split(";")[0].strip()
    how = how[:1].lower() + how[1:]  # only the first letter: "Text SHOUT to" keeps the word to send
    verb = how if how.lower().startswith(grammar.calls) else grammar.call
    name = f" ({line['name']})" if line.get("name") else ""
    return f"{verb} {line['number']}{name}"


def _law_sentences(words: Words) -> dict[str, str]:
    """Sentences that differ by place: what every regime in force says, or the fallback where none is."""
    clocks, testimonials = words.pack.law.get("clocks"), words.pack.law.get("testimonials")
    in_force = _in_force(words, clocks)
    regimes = {str(regime.get("id")) for regime in _in_force(words, testimonials)}
    return {
        "breach_client": words.spell(" ".join(str(regime.get("client", "")) for regime in in_force)),
        "breach_staff": words.spell(" ".join(str(regime.get("staff", "")) for regime in in_force)),
        "testimonial_use": words.spell(" ".join(_act_sentences(testimonials, "use-unsolicited", regimes))),
    }


def _in_force(words: Words, table: object) -> list[Mapping[str, object]]:
    rows = table.get("regimes", []) if isinstance(table, Mapping) else []
    regimes = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    chosen = [r for r in regimes if not r.get("fallback") and holds(parse(r.get("when", [])), words.facts)]
    return chosen or [r for r in regimes if r.get("fallback")]


def _act_sentences(table: object, act_id: str, regimes: set[str]) -> list[str]:
    acts = table.get("acts", []) if isinstance(table, Mapping) else []
    found = []
    for act in acts if isinstance(acts, list) else []:
        if str(act.get("id", "")).startswith(act_id):
            found += [str(row.get("sentence", "")) for row in act.get("answers", []) if row.get("regime") in regimes]
    return [sentence for sentence in found if sentence]
