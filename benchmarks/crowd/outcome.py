"""`python -m benchmarks.crowd.outcome`: what stands in the database afterwards, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import django

django.setup()

from django.db.models import Count  # noqa: E402

from doorframe.apps.jobs.models import Job, State  # noqa: E402
from doorframe.apps.mail.models import Letter  # noqa: E402
from doorframe.apps.members.models import Practice  # noqa: E402
from doorframe.apps.signatures.models import Acknowledgement, Question, Seal  # noqa: E402
from doorframe.apps.trail import queries as trail  # noqa: E402
from doorframe.apps.trail.models import Event  # noqa: E402


def outcome() -> dict[str, Any]:
    """Counts of everything that must be there once for each client; `twice` names whatever is there more than once."""
    reports = [trail.verify(practice) for practice in Practice.objects.order_by("pk")]
    complete = Acknowledgement.objects.filter(state="complete")
    copies = Letter.objects.filter(kind="signatures.copy")
    return {
        "complete": complete.count(),
        "signed": _events("signatures.answer.signed").count(),
        "sealed": Seal.objects.count(),
        "questions": Question.objects.count(),
        "copies": copies.filter(state="sent").count(),
        "copy_ids": sorted(copies.values_list("message_id", flat=True)),
        "twice": {
            "signed": _more_than_once(_events("signatures.answer.signed"), "subject_id"),
            "sealed": _more_than_once(Seal.objects.all(), "acknowledgement"),
            "questions": _more_than_once(Question.objects.all(), "signer"),
        },
        "jobs": dict(Counter(Job.objects.exclude(run_at__gt=_last()).values_list("state", flat=True))),
        "letters": dict(Counter(Letter.objects.values_list("state", flat=True))),
        "trail": sum(report.events for report in reports),
        "whole": all(report.is_whole for report in reports),
        "heads": [report.head_hash for report in reports],
    }


def _events(name: str) -> Any:
    return Event.objects.filter(name=name)


def _more_than_once(rows: Any, field: str) -> int:
    return len(rows.order_by().values(field).annotate(n=Count("pk")).filter(n__gt=1))


def _last() -> Any:
    from django.utils import timezone

    return timezone.now()


def still_due() -> int:
    """How much of the work that is due now is not done."""
    return Job.objects.filter(state__in=[State.WAITING, State.RUNNING], run_at__lte=_last()).count()


if __name__ == "__main__":
    print(json.dumps(outcome()))
