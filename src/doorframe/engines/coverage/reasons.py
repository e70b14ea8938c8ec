"""Rules that stand against their own reason: most often a “not” was lost."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight

Form = Mapping[str, object]
"""One way to lose a “not”: the topics it happens in, what is allowed, and what speaks against it."""

_REASON = re.compile(
    r"[,;:]?\s+(?:because|since|inasmuch|given that|so that|in order to|to protect|to preserve|to keep|to respect|"
    r"to avoid|out of respect|for the sake|for fear|which would|which could|which might|"
    r"(?<=, )as(?! (?:well|soon|long|far|if)\b)|"
    r"(?<!such )as(?! (?:soon|well|long|much|far|an?|if|though|needed|necessary|part|described|usual|possible)\b))\b"
    r"|:\s|;\s(?=(?:doing so|to do so|this|that|it|such|these|those) )"
)

_REASON_FIRST = re.compile(
    r"(?P<reason>(?:because|since|in order to|to (?:protect|preserve|keep|respect|avoid)|due to|out of|given|for the"
    r" sake)\b[^,]{5,160}),\s+(?P<rule>.+)"
)


def lost_negations(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """A rule that allows, with a reason in the same sentence or the next that speaks against it."""
    found = []
    for one in sight.sentences:
        if sight.blocks[one.block].heading or settings.shows(sight, settings.texts(defect, "hedge"), one.words):
            continue
        lost = (_lost_in(sight, defect, form, one) for form in settings.tables(defect, "forms"))
        topic = next(filter(None, lost), "")
        if topic:
            found.append(finding(defect, sight.quote(one), topic=topic))
    return found


def _lost_in(sight: Sight, defect: Defect, form: Form, one: Seen) -> str:
    """The topic of a sentence that lost its “not” in this way, or ""."""
    about = [topic for topic in settings.words_of(form.get("topics")) if topic in one.about | one.headed]
    if about and (_in_itself(sight, form, one) or _in_the_next(sight, defect, form, one)):
        return about[0]
    return ""


def _allows(sight: Sight, form: Form, rule: str) -> bool:
    """Whether these words say that it is done, and turn nothing."""
    return settings.shows(sight, settings.words_of(form.get("allows")), rule) and not settings.shows(
        sight, ("<turned>",), rule
    )


def _in_itself(sight: Sight, form: Form, one: Seen) -> bool:
    """A rule with its reason in one sentence: “I do accept them, because that would …”, or the reason first."""
    first = _REASON_FIRST.match(one.words)
    if first and _speaks_against(sight, form, first["reason"]) and _allows(sight, form, first["rule"]):
        return True
    return any(
        _speaks_against(sight, form, one.words[reason.start() :]) and _allows(sight, form, one.words[: reason.start()])
        for reason in _REASON.finditer(one.words)
    )


def _in_the_next(sight: Sight, defect: Defect, form: Form, one: Seen) -> bool:
    """A rule, and in the next sentence of the paragraph what speaks against it."""
    rule = _REASON.split(one.words, maxsplit=1)[0]
    return _allows(sight, form, rule) and any(
        after.block == one.block
        and settings.shows(sight, settings.texts(defect, "points_back"), after.words)
        and _speaks_against(sight, form, after.words)
        for after in sight.sentences[one.place + 1 : one.place + 2]
    )


def _speaks_against(sight: Sight, form: Form, words: str) -> bool:
    against = settings.words_of(form.get("against"))
    return settings.shows(sight, against, words) and not settings.shows(sight, ("<no-harm>",), words)
