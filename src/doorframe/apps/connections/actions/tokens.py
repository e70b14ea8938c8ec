"""Keys for other programs: made and shown once, used, revoked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from doorframe.apps.connections import queries, rules, signing
from doorframe.apps.connections.models import ApiToken
from doorframe.apps.connections.scopes import Scope
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.trail import actions as trail


@transaction.atomic
def make_token(
    *, actor: Membership, at: datetime, name: str, ends_at: datetime, scopes: Collection[str] = (Scope.READ,)
) -> tuple[ApiToken, str]:
    """Make a key for another program. What is given back beside the row is shown once and kept nowhere.

    Raises PermissionDenied, NotNow for too many, ValueError for more than a year or for no known scope.
    """
    permissions.check_can_edit_practice(actor)
    rules.check_new_token(ends_at=ends_at, at=at, there=len(queries.tokens(actor.practice)), scopes=scopes)
    secret = signing.fresh_token()
    token = ApiToken.objects.create(
        practice=actor.practice, name=name, token_sha256=signing.fingerprint(secret), made_by=actor, made_at=at,
        ends_at=ends_at, scopes=sorted(map(str, scopes)),
    )  # fmt: skip
    data = {"token": str(token.uid), "ends": ends_at.date().isoformat(), "scopes": token.scopes}
    trail.record("connections.token.made", practice=actor.practice, actor=actor, subject=token, at=at, data=data)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: Membership, at: datetime) -> ApiToken:
    """From now on the key opens nothing."""
    permissions.check_can_edit_practice(actor, token)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        data = {"token": str(token.uid)}
        trail.record("connections.token.revoked", practice=actor.practice, actor=actor, subject=token, at=at, data=data)
    return token


@transaction.atomic
def note_used(*, token: ApiToken, at: datetime, today: date) -> None:
    """Keep that the key was used today: one line on the trail a day, however often it is used."""
    fresh = ApiToken.objects.filter(pk=token.pk).exclude(last_used_on=today)
    if fresh.update(last_used_on=today):
        data = {"token": str(token.uid)}
        trail.record(
            "connections.token.used", practice=token.practice, actor=None, subject=token, at=at, data=data, by="API"
        )
