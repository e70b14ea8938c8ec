"""The only writes. Each is one transaction with its line on the trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from doorframe.apps.jobs import actions as jobs
from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions, register
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.policies import changes, documents, known, queries, rules
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.apps.policies.states import State, Verb
from doorframe.apps.signatures.actions import papers
from doorframe.apps.trail import actions as trail
from doorframe.engines.interview.answers import tidy
from doorframe.engines.sealing import Json


class Conflict(Exception):
    """Answers of this screen changed elsewhere since it was opened; `fields` names them, `version` holds them."""

    def __init__(self, version: Version, fields: list[str]) -> None:
        self.version = version
        self.fields = fields
        super().__init__(", ".join(fields))


@transaction.atomic
def start_version(
    *, actor: Membership, at: datetime, title: str = "", answers: Mapping[str, object] | None = None,
    based_on: Version | None = None, done: list[str] | None = None, told: Mapping[str, Json] | None = None,
) -> Version:  # fmt: skip
    """Begin a draft: from imported answers, from those of an earlier version, or from what the practice has said
    of itself elsewhere.

    Where these do not say which accounts there are, the practice's account register does. told goes on the trail
    too: where the answers came from, in numbers, never in words.
    """
    permissions.check_can_edit_policies(actor, based_on)
    if based_on is not None:
        answers, done = based_on.answers, based_on.done
    begun = dict(known.answers(actor) if answers is None else answers)
    if "accounts" not in begun and (rows := register.accounts(actor.practice)):
        begun["accounts"] = [dict(row) for row in rows]
    version = Version.objects.create(
        practice=actor.practice, title=title or _("Social media policy"), answers=begun,
        done=list(done or []), based_on=based_on, author=actor, editors=[actor.pk], created_at=at, changed_at=at,
    )  # fmt: skip
    data: dict[str, Json] = {
        "based_on": based_on.pk if based_on else None,
        "answers": [*sorted(version.answers)],
        **(told or {}),
    }
    trail.record("policies.version.started", practice=actor.practice, actor=actor, subject=version, at=at, data=data)
    return version


@transaction.atomic
def save_answers(
    *, version: Version, actor: Membership, at: datetime, screen: str, answers: Mapping[str, object],
    revision: int, finished: bool = False, unread: Collection[str] = (),
) -> Version:  # fmt: skip
    """Keep the answers of one screen. revision is the one the person saw when the screen was opened; unread
    names fields of the page whose words cannot be kept yet, which must not fall behind in silence either.

    Raises Conflict when one of these answers was changed elsewhere since then and differs; nothing is lost,
    because nothing is written.
    """
    version = _locked(version)
    rules.check_can_edit_answers(actor, version)
    changed = [key for key, value in answers.items() if version.answers.get(key) != value]
    stale = [key for key in (*changed, *unread) if int(version.touched.get(key, 0)) > revision]
    if stale:
        raise Conflict(version, stale)
    if not changed and (not finished or screen in version.done):
        return version
    version.revision += 1
    version.answers = {**version.answers, **answers}
    version.touched = {**version.touched, **dict.fromkeys(changed, version.revision)}
    if finished and screen not in version.done:
        version.done = [*version.done, screen]
    version.screen = queries.screen_after(version, screen) if finished else screen
    if actor.pk not in version.editors:
        version.editors = [*version.editors, actor.pk]
    version.furthest = max(version.furthest, queries.draft_progress(version).share)
    version.changed_at = at
    version.save()
    data: dict[str, Json] = {
        "screen": screen,
        "changed": [*changed],
        "revision": version.revision,
        "finished": finished,
    }
    trail.record("policies.answers.saved", practice=version.practice, actor=actor, subject=version, at=at, data=data)
    return version


@transaction.atomic
def rename_version(*, version: Version, actor: Membership, at: datetime, title: str) -> Version:
    """Give a draft another title."""
    version = _locked(version)
    rules.check_can_edit_answers(actor, version)
    version.title = " ".join(tidy(title).split())[:160] or version.title
    version.changed_at = at
    version.save(update_fields=["title", "changed_at"])
    trail.record("policies.version.renamed", practice=version.practice, actor=actor, subject=version, at=at)
    return version


@transaction.atomic
def delete_draft(*, version: Version, actor: Membership, at: datetime) -> None:
    """Throw a draft away. What was in force is never deleted."""
    version = _locked(version)
    rules.check_can_edit_answers(actor, version)
    trail.record("policies.version.deleted", practice=version.practice, actor=actor, subject=version, at=at)
    # What was begun from this draft now stands on what this one stood on.
    Version.objects.for_practice(version.practice).filter(based_on=version).update(based_on=version.based_on_id)
    version.delete()


@transaction.atomic
def submit_version(*, version: Version, actor: Membership, at: datetime) -> Version:
    """Ask for review. Refused while something blocks publishing, so that nobody reviews half a policy."""
    version = _locked(version)
    following = rules.check_can(actor, version, Verb.SUBMIT)
    _check_complete(version)
    version.submitted_at = at
    return _move(version, following, actor, at, "policies.version.submitted")


@transaction.atomic
def return_version(*, version: Version, actor: Membership, at: datetime) -> Version:
    """Back to draft, so that its author can change it."""
    version = _locked(version)
    following = rules.check_can(actor, version, Verb.RETURN)
    version.submitted_at = version.approved_at = version.approved_by = None
    version.text_sha256 = ""
    return _move(version, following, actor, at, "policies.version.returned")


@transaction.atomic
def approve_version(*, version: Version, actor: Membership, at: datetime) -> Version:
    """Approve the text as it stands; with the two-person rule never one's own."""
    version = _locked(version)
    following = rules.check_can(actor, version, Verb.APPROVE)
    version.approved_by, version.approved_at = actor, at
    version.text_sha256 = documents.text_hash(version)
    return _move(version, following, actor, at, "policies.version.approved")


@transaction.atomic
def publish_version(
    *, version: Version, actor: Membership, at: datetime, change_note: str = "", material: bool | None = False
) -> Version:
    """Put a version in force and retire the one before it. Its page and its hash stand from this moment on.

    Without the two-person rule a draft may go the whole way at once. Raises CannotPublish with what blocks it,
    and where a version was published before: NoteMissing if change_note does not say what is different now, and
    KindMissing if `material` is None. After a material change everyone on an earlier version is asked again.
    """
    # One publishing at a time in a practice: the next number and the version in force are read and then written.
    Practice.objects.select_for_update(no_key=True).get(pk=version.practice_id)
    version = _locked(version)
    if not version.practice.two_person_rule:
        version = _hurry(version, actor, at)
    following = rules.check_can(actor, version, Verb.PUBLISH)
    _check_complete(version)
    _check_as_approved(version)
    last = Version.objects.for_practice(version.practice).aggregate(last=models.Max("number"))["last"] or 0
    note = tidy(change_note).strip()
    if last and not note:
        raise rules.NoteMissing
    if last and material is None:
        raise rules.KindMissing
    before_it = queries.last_issued(version.practice)
    _retire_current(version, actor, at)
    pack = library.pack()
    version.number, version.published_by, version.published_at = last + 1, actor, at
    version.in_force_from = documents.local_day(version, at)
    version.change_note, version.material = note, bool(material)
    version.pack_id, version.pack_version, version.pack_sha256 = pack.id, pack.version, pack.sha256
    before, version.state = version.state, following
    documents.freeze(version)
    version.state = before
    _move(version, following, actor, at, "policies.version.published")
    _hand_to_signatures(version, before_it, actor, at)
    jobs.enqueue(
        "policies.documents.issue", practice=version.practice, args={"version_id": version.pk},
        unique_key=queries.issue_key(version), at=at,
    )  # fmt: skip
    return version


@transaction.atomic
def retire_version(*, version: Version, actor: Membership, at: datetime) -> Version:
    """Take a version out of force. Its page and documents stay."""
    version = _locked(version)
    following = rules.check_can(actor, version, Verb.RETIRE)
    version.retired_at = at
    papers.end_paper(practice=version.practice, actor=actor, at=at, key="policy")
    return _move(version, following, actor, at, "policies.version.retired")


@transaction.atomic
def keep_document(
    *, version: Version, name: str, format: str, data: bytes, sha256: str, at: datetime
) -> IssuedDocument:
    """Keep one issued file; a second time changes nothing, so that a repeated job does no harm."""
    document, made = IssuedDocument.objects.get_or_create(
        version=version, name=name, format=format,
        defaults={"practice": version.practice, "data": data, "sha256": sha256, "size": len(data)},
    )  # fmt: skip
    if made:
        told = {"name": name, "format": format, "sha256": sha256}
        trail.record(
            "policies.document.issued", practice=version.practice, actor=None, subject=version, at=at, data=told
        )
    return document


@transaction.atomic
def issue_again(*, version: Version, actor: Membership, at: datetime) -> int:
    """Try again to write the documents of a published version; how many pieces of work that is."""
    permissions.check_can_publish_policies(actor, version)
    args = {"version_id": version.pk}
    count = jobs.retry_failed(practice=version.practice, name="policies.documents.issue", args=args, at=at)
    trail.record("policies.documents.retried", practice=version.practice, actor=actor, subject=version, at=at)
    return count


def _locked(version: Version) -> Version:
    """The row as it is now, held until the transaction ends."""
    rows = Version.objects.select_for_update(of=("self",)).select_related("practice")
    return rows.get(pk=version.pk, practice_id=version.practice_id)


def _move(version: Version, following: State, actor: Membership, at: datetime, event: str) -> Version:
    before, version.state, version.changed_at = version.state, following, at
    version.save()
    data = {"from": before, "to": str(following), "number": version.number, "text_sha256": version.text_sha256}
    trail.record(event, practice=version.practice, actor=actor, subject=version, at=at, data=data)
    return version


def _hurry(version: Version, actor: Membership, at: datetime) -> Version:
    """One person is author, reviewer and approver; each step is still taken, and recorded."""
    if version.state == State.DRAFT:
        version = submit_version(version=version, actor=actor, at=at)
    if version.state == State.IN_REVIEW:
        version = approve_version(version=version, actor=actor, at=at)
    return version


def _retire_current(version: Version, actor: Membership, at: datetime) -> None:
    current = Version.objects.for_practice(version.practice).filter(state=State.PUBLISHED).first()
    if current is not None:
        retire_version(version=current, actor=actor, at=at)


def _hand_to_signatures(version: Version, before: Version | None, actor: Membership, at: datetime) -> None:
    """What clients read and sign is the text as it is put in force now, whatever becomes of the content later."""
    papers.issue_paper(
        practice=version.practice, actor=actor, at=at, key="policy", number=version.number or 1, source=version.uid,
        document=documents.document(version), answers=version.answers,
        pack=f"{version.pack_id} {version.pack_version}", pack_sha256=version.pack_sha256,
        in_force_from=version.in_force_from or documents.local_day(version, at), material=version.material,
        change_note=version.change_note, changes=changes.listing(before, version) if before else (),
    )  # fmt: skip


def _check_as_approved(version: Version) -> None:
    """The words that were approved are the words that go out, also where the content was updated in between."""
    if documents.text_hash(version) != version.text_sha256:
        raise rules.NotNow(
            _("The words have changed since this version was approved. Return it to draft and have it approved again.")
        )


def _check_complete(version: Version) -> None:
    blocking = [finding for finding in queries.to_settle(version) if finding.blocks]
    if blocking:
        raise rules.CannotPublish(blocking)
