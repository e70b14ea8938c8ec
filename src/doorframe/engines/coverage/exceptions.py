"""Rules that are taken back: a “never” in one sentence, and “whenever I like” in the next."""

from __future__ import annotations

from itertools import pairwise

from doorframe.engines.content.audit import Defect
from doorframe.engines.coverage import settings
from doorframe.engines.coverage.found import Place, Topics, finding
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Seen, Sight


def taken_back(sight: Sight, topics: Topics, defect: Defect, place: Place) -> list[Finding]:
    """A sentence that sets aside, whenever it seems useful, the rule of the sentence before it."""
    watched = set(settings.texts(defect, "topics"))
    found = []
    for rule, after in pairwise(sight.sentences):
        about = sorted((rule.about | rule.headed) & watched)
        if about and after.block == rule.block and _takes_back(sight, defect, rule, after):
            found.append(finding(defect, sight.quote(after), topic=about[0], other=sight.quote(rule)))
    return found


def _takes_back(sight: Sight, defect: Defect, rule: Seen, after: Seen) -> bool:
    if settings.shows(sight, settings.texts(defect, "bars"), after.words):
        return False
    return settings.shows(sight, settings.texts(defect, "takes_back"), after.words) and settings.shows(
        sight, settings.texts(defect, "rule"), rule.words
    )
