"""Opening a practice, changing it, and putting the fictional one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from doorframe.apps.members import demo, permissions, rules
from doorframe.apps.members.actions.people import person
from doorframe.apps.members.models import Beginning, FormerSlug, Language, Membership, Practice
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.actions import record
from doorframe.engines.sealing import Json

FIELDS = ("name", "slug", "country", "region", "language", "time_zone", "two_person_rule")
"""What an owner may change of a practice."""


@transaction.atomic
def create_practice(
    *,
    name: str,
    owner_email: str,
    owner_name: str,
    password: str | None,
    at: datetime,
    country: str = "US",
    region: str = "",
    language: str = Language.AMERICAN,
    time_zone: str = "UTC",
    two_person_rule: bool = False,
    is_demo: bool = False,
) -> Membership:
    """Open a practice with its owner, and give the owner's membership.

    Someone who already has an account here keeps it and their password. Raises ValidationError for a field of
    the wrong shape or a password that is too weak.
    """
    practice = Practice(
        name=name,
        slug=_free_slug(name),
        country=country,
        region=region,
        language=language,
        time_zone=time_zone,
        two_person_rule=two_person_rule,
        is_demo=is_demo,
        created_at=at,
    )
    practice.full_clean()
    practice.save()
    user = person(email=owner_email, name=owner_name, password=password, is_demo=is_demo, at=at)
    owner = Membership.objects.create(practice=practice, user=user, role=Role.OWNER, created_at=at)
    record(
        "members.practice.created", practice=practice, actor=user, subject=practice, at=at, data={"country": country}
    )
    record("members.member.added", practice=practice, actor=user, subject=owner, at=at, data={"role": Role.OWNER.value})
    return owner


@transaction.atomic
def begin_practice(
    *, name: str, owner_email: str, owner_name: str, password: str, country: str, region: str, time_zone: str,
    at: datetime,
) -> Membership:  # fmt: skip
    """Open the first real practice of this installation from the browser, and give the owner's membership.

    Raises PermissionDenied when there is one already, even if it was begun a moment ago elsewhere, and
    ValidationError for a field of the wrong shape.
    """
    rules.check_nothing_begun()
    rules.check_new_here(owner_email)
    language = Language.AMERICAN if country == "US" else Language.BRITISH
    try:
        with transaction.atomic():
            owner = create_practice(
                name=name, owner_email=owner_email, owner_name=owner_name, password=password, country=country,
                region=region, language=language, time_zone=time_zone, at=at,
            )  # fmt: skip
            Beginning.objects.create(practice=owner.practice, at=at)
    except IntegrityError as error:
        raise rules.already_begun() from error
    record("members.practice.begun", practice=owner.practice, actor=owner, subject=owner.practice, at=at)
    return owner


@transaction.atomic
def change_practice(*, actor: Membership, at: datetime, values: Mapping[str, object]) -> Practice:
    """Change the actor's practice. values holds FIELDS. A replaced address goes on leading here.

    Raises PermissionDenied unless the actor may, ValidationError for a field of the wrong shape or an address
    that is, or was, somebody else's.
    """
    permissions.check_can_edit_practice(actor)
    practice = Practice.objects.select_for_update(no_key=True).get(pk=actor.practice_id)
    changed = [name for name in FIELDS if getattr(practice, name) != values[name]]
    if not changed:
        return practice
    before = practice.slug
    for name in changed:
        setattr(practice, name, values[name])
    if "slug" in changed:
        rules.check_address_free(practice)
    practice.full_clean()
    if "slug" in changed:
        _move(practice, before, at)
    practice.save()
    data: dict[str, Json] = {"changed": [*changed]}
    if "slug" in changed:
        data |= {"from": before, "to": practice.slug}
    if "two_person_rule" in changed:
        data["two_person_rule"] = practice.two_person_rule
    record("members.practice.changed", practice=practice, actor=actor, subject=practice, at=at, data=data)
    return practice


@transaction.atomic
def put_demo_away(*, actor: Membership, at: datetime) -> None:
    """Refuse the fictional practice's sign-in from now on. Nothing of it is deleted."""
    rules.check_can_switch_demo(actor)
    record("members.demo.put-away", practice=actor.practice, actor=actor, subject=actor.practice, at=at)
    # Last: what fails before it leaves the demo as it was.
    demo.put_away()


@transaction.atomic
def bring_demo_back(*, actor: Membership, at: datetime) -> None:
    """Let the fictional practice be signed in to again."""
    rules.check_can_switch_demo(actor)
    record("members.demo.brought-back", practice=actor.practice, actor=actor, subject=actor.practice, at=at)
    demo.bring_back()


def _move(practice: Practice, before: str, at: datetime) -> None:
    FormerSlug.objects.for_practice(practice).filter(slug=practice.slug).delete()
    FormerSlug.objects.create(practice=practice, slug=before, replaced_at=at)


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "practice"
    taken = {
        slug
        for rows in (Practice.objects, FormerSlug.objects)
        for slug in rows.filter(slug__startswith=stem).values_list("slug", flat=True)
    }
    if stem not in taken:
        return stem
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{stem}-{number}") not in taken)
