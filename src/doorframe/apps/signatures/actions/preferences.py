"""How a practice asks and keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Preferences
from doorframe.apps.trail import actions as trail
from doorframe.engines.scheduling import retention

FIELDS = (
    "countersign", "understanding", "keep_ip", "link_days", "keep_years", "reminder_days", "idle_minutes",
    "timestamp_url",
)  # fmt: skip


@transaction.atomic
def change(*, actor: Membership, at: datetime, values: Mapping[str, Any]) -> Preferences:
    """Change any of FIELDS, from now on: what is signed already stays as it was.

    The trail says which were changed, and never what an address was. Raises PermissionDenied by role, RetentionError
    where proof would be kept for too few years, ValidationError for a value that does not fit.
    """
    permissions.check_can(actor, Permission.EDIT_PRACTICE)
    Practice.objects.select_for_update(no_key=True).get(pk=actor.practice_id)
    found = queries.preferences(actor.practice)
    known = {name: values[name] for name in FIELDS if name in values}
    retention.check_years(known.get("keep_years", found.keep_years))
    changed = [name for name, value in known.items() if getattr(found, name) != value]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, known[name])
    found.clean_fields(exclude=["practice", "reminder_days"])
    found.save()
    trail.record("signatures.preferences.changed", practice=actor.practice, actor=actor, subject=found, at=at,
                 data={"fields": ", ".join(changed), "changed": changed})  # fmt: skip
    return found
