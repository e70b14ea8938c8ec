"""What stands between a draft and publishing: contradictions, gaps and marks that a template left behind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from doorframe.engines.content.conditions import holds
from doorframe.engines.content.language import Grammar, affirmed_beside, denied, sentences
from doorframe.engines.content.schema import Beside, Contradiction, Field, Pack
from doorframe.engines.interview.facts import Answers, applies, fits, resolve

OWN_KINDS = {"text", "long-text"}

_UNDOTTED = str.maketrans("İı", "ii")
_STRAIGHT = str.maketrans("’‘", "''")  # a telephone writes the one, a keyboard the other


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend.

    kind     "contradiction", "gap", "placeholder" or "register"
    blocks   True where it keeps the policy from being published
    message  what is wrong, why  how to mend it, screens  where, words  the practice's own words it rests on
    """

    kind: str
    id: str
    message: str
    why: str
    screens: tuple[str, ...]
    blocks: bool = True
    words: str = ""


def findings(pack: Pack, answers: Answers, register: Sequence[Mapping[str, str]] | None = None) -> list[Finding]:
    """Everything to mend, what blocks first. register is the account register, where the practice keeps one."""
    facts = resolve(pack, answers)
    found = [*_gaps(pack, facts), *_left_behind(pack, facts), *_contradictions(pack, as_answered(pack, answers, facts))]
    named = {screen for finding in found for screen in finding.screens}
    found += [finding for finding in _misfits(pack, answers, facts) if not named & set(finding.screens)]
    if register is not None:
        found += _register(pack, facts, register)
    return sorted(found, key=lambda finding: not finding.blocks)


def _gaps(pack: Pack, facts: Mapping[str, object]) -> Iterator[Finding]:
    for field in pack.fields.values():
        if facts.get(field.id) or not applies(pack, field, facts):
            continue
        needed = field.required or (field.required_when is not None and holds(field.required_when, facts))
        if needed:
            screen = pack.screen_of[field.id]
            message = pack.say("not_answered", question=field.label or screen.name)
            yield Finding("gap", field.id, message, field.why_required or screen.help, (screen.id,))


def _own_words(pack: Pack, facts: Mapping[str, object], also: Collection[str] = ()) -> Iterator[tuple[Field, str]]:
    """Each text that the practice wrote itself, with its field. also names fields to read whatever their kind."""
    for field in pack.fields.values():
        value = facts.get(field.id)
        if (field.kind in OWN_KINDS or field.id in also) and isinstance(value, str) and value:
            yield field, value
        if field.kind == "rows" and isinstance(value, (list, tuple)):
            texts = {column.id for column in field.columns if column.kind in OWN_KINDS}
            for row in value:
                for column, cell in row.items():
                    if column in texts and cell:
                        yield field, cell


def _left_behind(pack: Pack, facts: Mapping[str, object]) -> Iterator[Finding]:
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in pack.placeholder_patterns]
    for field, text in _own_words(pack, facts):
        hit = next((match for pattern in patterns if (match := pattern.search(text))), None)
        if hit:
            screen = pack.screen_of[field.id]
            message, why = pack.say("left_behind", words=hit.group()[:60]), pack.say("left_behind_why")
            yield Finding("placeholder", field.id, message, why, (screen.id,), words=hit.group())


def as_answered(pack: Pack, answers: Answers, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with choices that no longer fit put back: a rule must be able to say why they do not."""
    kept = {
        id: answers[id] for id, field in pack.fields.items() if answers.get(id) and not fits(field, answers[id], facts)
    }
    return {**facts, **kept}


def _misfits(pack: Pack, answers: Answers, facts: Mapping[str, object]) -> Iterator[Finding]:
    """Choices that another answer has taken away, such as a state of another country."""
    for field in pack.fields.values():
        value = answers.get(field.id)
        if value and applies(pack, field, facts) and not fits(field, value, facts):
            option = field.option(str(value))
            screen = pack.screen_of[field.id]
            message = pack.say("does_not_fit", option=option.label if option else value)
            why = pack.say("does_not_fit_why")
            yield Finding("contradiction", f"{field.id}-does-not-fit", message, why, (screen.id,))


def _contradictions(pack: Pack, facts: Mapping[str, object]) -> Iterator[Finding]:
    for rule in pack.contradictions:
        words = triggered(pack, rule, facts)
        if words is not None:
            yield Finding("contradiction", rule.id, rule.message, rule.why, rule.screens, rule.blocks, words)


def triggered(pack: Pack, rule: Contradiction, facts: Mapping[str, object]) -> str | None:
    """The words that trigger a rule ("" where answers alone do), or None where it does not apply."""
    if not holds(rule.when, facts):
        return None
    if not rule.says and rule.beside is None:
        return ""
    for field, text in _own_words(pack, facts, also=rule.fields):
        if "*" in rule.fields or field.id in rule.fields:
            said = _affirmed(pack.grammar, text, rule.says) or _said_beside(pack.grammar, text, rule.beside)
            if said:
                return said
    return None


def _affirmed(grammar: Grammar, text: str, phrases: tuple[str, ...]) -> str:
    """The first phrase that the text says without denying it in the same clause, or ""."""
    folded = _folded(text)
    for phrase in phrases:
        if _needle(phrase) not in folded:  # a pattern for each of some four hundred phrases would cost far more
            continue
        words = r"\s+".join(re.escape(word) for word in phrase.translate(_STRAIGHT).split())
        for match in re.finditer(rf"(?<!\w){words}(?!\w)", text.translate(_STRAIGHT), re.IGNORECASE):
            if not denied(grammar, text[: match.start()]):
                return text[match.start() : match.end()]
    return ""


def _said_beside(grammar: Grammar, text: str, beside: Beside | None) -> str:
    """The words that the text says in one sentence with a cue, denying neither, from the first to the last; or ""."""
    if beside is None:
        return ""
    folded = _folded(text)
    if not any(_needle(phrase) in folded for phrase in beside.says):
        return ""
    straight = text.translate(_STRAIGHT)
    for start, end in sentences(grammar, straight):
        found = _pair(grammar, straight[start:end], beside)
        if found:
            return text[start + found[0] : start + found[1]]
    return ""


def _pair(grammar: Grammar, sentence: str, beside: Beside) -> tuple[int, int] | None:
    """Where the first words and cue of a sentence that belong together begin and end."""
    cues = [match.span() for match in _any(beside.cues).finditer(sentence)]
    for words in (match.span() for match in _any(beside.says).finditer(sentence)):
        if beside.spares and _any(beside.spares).search(sentence, 0, words[0]):
            continue
        for cue in cues:
            if affirmed_beside(grammar, sentence, words, cue):
                return min(words[0], cue[0]), max(words[1], cue[1])
    return None


@lru_cache(maxsize=64)
def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these phrases as whole words, the longest first, with any spaces between."""
    longest = sorted(phrases, key=len, reverse=True)
    each = (r"\s+".join(re.escape(word) for word in phrase.translate(_STRAIGHT).split()) for phrase in longest)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=512)  # every rule reads the same texts
def _folded(text: str) -> str:
    """The text as the search sees it: one kind of apostrophe and of space, and letters as IGNORECASE takes them."""
    return " ".join(text.translate(_STRAIGHT).translate(_UNDOTTED).casefold().split())


@cache
def _needle(phrase: str) -> str:
    """A phrase of our content, folded once for the process."""
    return _folded(phrase)


def _register(pack: Pack, facts: Mapping[str, object], register: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    rows = facts.get("accounts")
    # An account of one's own is nobody's business: neither list has to name it.
    rows = [row for row in rows if row.get("kind") != "personal"] if isinstance(rows, (list, tuple)) else []
    named = {_account(row) for row in rows}
    names = {platform.id: platform.name for platform in pack.platforms}
    for row in register:
        if row.get("kind") == "personal" or _account(row) in named:
            continue
        platform = names.get(row.get("platform", ""), row.get("platform", ""))
        account = " ".join(f"{platform} {row.get('handle', '')}".split())
        message, why = pack.say("register_only", account=account), pack.say("register_only_why")
        yield Finding("register", "register-not-in-policy", message, why, ("accounts",))
    denied = facts.get("platforms_not_used")
    for platform_id in dict.fromkeys(row.get("platform", "") for row in register):
        if isinstance(denied, list) and platform_id in denied:
            message = pack.say("register_denied", platform=names.get(platform_id, platform_id))
            yield Finding("register", "register-denied", message, pack.say("register_denied_why"), ("accounts",))
    known = {_account(row) for row in register if row.get("kind") != "personal"}
    for platform_id, handle in sorted(named - known):
        platform = names.get(platform_id, platform_id)
        account = " ".join(f"{platform} {handle}".split())
        message, why = pack.say("answers_only", account=account), pack.say("answers_only_why")
        yield Finding("register", "policy-not-in-register", message, why, ("accounts",), blocks=False)


def _account(row: Mapping[str, str]) -> tuple[str, str]:
    return row.get("platform", ""), row.get("handle", "").strip().lstrip("@").casefold()


def example_problems(pack: Pack) -> list[str]:
    """Every example of a contradiction rule that does not hold, as a sentence with its file."""
    found = []
    for rule in pack.contradictions:
        for examples, expected in ((rule.matches, True), (rule.passes, False)):
            for answers in examples:
                unknown = [key for key in answers if key not in pack.fields]
                if unknown:
                    found.append(f"{rule.file}: an example of “{rule.id}” answers “{unknown[0]}”, which no screen asks")
                elif (
                    triggered(pack, rule, as_answered(pack, answers, resolve(pack, answers))) is not None
                ) is not expected:
                    word = "match" if expected else "pass"
                    found.append(f"{rule.file}: “{rule.id}” should {word} {answers} and does not")
    return found
