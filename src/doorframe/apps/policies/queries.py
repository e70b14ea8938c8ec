"""Reads. Each takes the practice, and shows nothing of any other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from doorframe.apps.jobs.models import Job
from doorframe.apps.jobs.models import State as JobState
from doorframe.apps.library import queries as library
from doorframe.apps.members import register
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.policies import known
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.apps.policies.states import State
from doorframe.engines.content.schema import Screen
from doorframe.engines.interview import path
from doorframe.engines.interview.facts import resolve
from doorframe.engines.interview.findings import Finding, findings

PAGE = 20
PUBLIC_PAGE = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with how far it is: `number` of `total` screens, and the screen where it goes on."""

    version: Version
    done: int
    total: int

    @property
    def share(self) -> int:
        """How much of the way is done, in percent."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Issue:
    """The files of a version and how far their making is. `wanted` is every file that there will be."""

    files: tuple[IssuedDocument, ...]
    wanted: int
    progress: int
    sentence: str
    error: str
    complete: bool


def version(practice: Practice, uid: object) -> Version:
    """One version of this practice, or Http404."""
    rows = Version.objects.select_related("practice", "author__user", "approved_by__user", "published_by__user")
    return get_for_practice(_with_successor(rows), practice=practice, uid=uid)


def _with_successor(rows: QuerySet[Version]) -> QuerySet[Version]:
    """Each with `replaced_by`: the number of the version that took its place, None where it was taken out of force."""
    following = Version.objects.filter(
        practice=OuterRef("practice"), number=OuterRef("number") + 1, published_at=OuterRef("retired_at")
    )
    return rows.annotate(replaced_by=Subquery(following.values("number")[:1]))


def version_for_job(version_id: int) -> Version:
    """A version by its key, for a job that the practice's own action asked for."""
    return Version.objects.select_related("practice").get(pk=version_id)


def versions(practice: Practice, *, after: int = 0) -> list[Version]:
    """One page of the practice's versions, latest change first, without their long texts; one more than a page."""
    rows = Version.objects.for_practice(practice).defer("public_page", "public_fragment")
    found = _with_successor(rows.select_related("author__user"))
    return list(found.order_by("-changed_at", "-pk")[after : after + PAGE + 1])


def current(practice: Practice) -> Version | None:
    """The version in force, if there is one."""
    return Version.objects.for_practice(practice).filter(state=State.PUBLISHED).first()


def last_issued(practice: Practice) -> Version | None:
    """The version that was put in force last, whether or not it still is."""
    rows = Version.objects.for_practice(practice).filter(number__isnull=False)
    return rows.defer("public_page", "public_fragment").order_by("-number").first()


def latest_draft(practice: Practice) -> Version | None:
    """The draft that was changed last."""
    return Version.objects.for_practice(practice).filter(state=State.DRAFT).order_by("-changed_at").first()


def waiting_for_review(practice: Practice) -> QuerySet[Version]:
    """Versions that a second person should look at, oldest first; never more than a day's work."""
    rows = Version.objects.for_practice(practice).filter(state__in=[State.IN_REVIEW, State.APPROVED])
    rows = rows.defer("public_page", "public_fragment")
    return rows.select_related("practice", "author__user").order_by("submitted_at", "pk")[:50]


def draft_progress(item: Version) -> Draft:
    """How far a draft is."""
    pack = library.pack()
    screen = path.next_screen(pack, item.answers, item.done)
    if screen is None:
        way = len(item.done)
        return Draft(item, way, way)
    state = path.progress(pack, item.answers, item.done, screen)
    return Draft(item, state.done, state.total)


def screen_after(item: Version, screen_id: str) -> str:
    """The id of the screen that follows one that was just finished; "" when the check follows."""
    pack = library.pack()
    following = path.screen_after(pack, item.answers, pack.screen[screen_id], item.done)
    return following.id if following else ""


def place(item: Version) -> Screen | None:
    """Where a person goes on: the screen that was open last, if it is still asked, else the first that is not done."""
    pack = library.pack()
    way = path.screens(pack, resolve(pack, item.answers))
    return next((screen for screen in way if screen.id == item.screen), None) or next_screen(item)


def next_screen(item: Version) -> Screen | None:
    """The screen where a draft goes on; None when it is ready for its check."""
    return path.next_screen(library.pack(), item.answers, item.done)


def to_settle(item: Version) -> list[Finding]:
    """Everything that a draft still has to settle, what blocks publishing first."""
    return findings(library.pack(), item.answers, register.accounts(item.practice))


def accounts_not_named(practice: Practice) -> list[Finding]:
    """The accounts of the register that the policy in force does not name, each as a sentence."""
    rows, item = register.accounts(practice), current(practice)
    if not rows or item is None:
        return []
    return [one for one in findings(library.pack(), item.answers, rows) if one.kind == "register" and one.blocks]


def is_from_register(item: Version, screen: Screen) -> bool:
    """Whether this screen shows the accounts just as the practice's account register has them."""
    kept = item.answers.get("accounts")
    if not kept or "accounts" not in {field.id for field in screen.fields}:
        return False
    rows = register.accounts(item.practice) or []
    return [dict(row) for row in rows] == [{key: row.get(key) for key in register.COLUMNS} for row in kept]


def from_practice(item: Version, screen: Screen, actor: Membership) -> list[str]:
    """The fields of this screen, not yet confirmed, that show what the practice has said of itself elsewhere."""
    if screen.id in item.done:
        return []
    said = known.answers(actor)
    fields = [field for field in screen.fields if field.id in said and item.answers.get(field.id) == said[field.id]]
    return [field.label or screen.name for field in fields]


def issued_names(item: Version) -> set[tuple[str, str]]:
    """(name, format) of each file that is kept."""
    return set(IssuedDocument.objects.filter(version=item).values_list("name", "format"))


def issue(item: Version, wanted: int) -> Issue:
    """The files of a version, without their bytes, and the state of the job that makes them."""
    files = tuple(IssuedDocument.objects.filter(version=item).defer("data").order_by("name", "format"))
    if len(files) >= wanted:
        return Issue(files, wanted, 100, "", "", complete=True)
    job = Job.objects.for_practice(item.practice).filter(unique_key=issue_key(item)).order_by("-created_at").first()
    if job is None:
        return Issue(files, wanted, 0, "", "", complete=False)
    # What is tried again is no error yet; and what was finished is complete, however many files there are by now.
    error = job.error_sentence if job.state == JobState.FAILED else ""
    sentence = job.error_sentence or job.progress_sentence
    return Issue(files, wanted, job.progress, sentence, error, complete=job.state == JobState.DONE)


def issue_key(item: Version) -> str:
    """The unique key of the job that writes a version's files."""
    return f"policies.documents.issue:{item.pk}"


def file(item: Version, name: str, format: str) -> IssuedDocument:
    """One kept file with its bytes, or Http404."""
    return get_for_practice(IssuedDocument, practice=item.practice, version=item, name=name, format=format)


def public_version(slug: str, number: int | None = None) -> Version:
    """A version that readers may see by its practice's address: the one in force, or an issued one by number."""
    rows = Version.objects.filter(practice__slug=slug, number__isnull=False).select_related("practice")
    rows = rows.filter(state=State.PUBLISHED) if number is None else rows.filter(number=number)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def public_versions(slug: str, *, after: int = 0) -> list[Version]:
    """One page of the versions that were ever in force, newest first, without their texts; one more than a page."""
    rows = Version.objects.filter(practice__slug=slug, number__isnull=False).select_related("practice")
    light = _with_successor(rows.defer("public_page", "public_fragment", "answers"))
    found = list(light.order_by("-number")[after : after + PUBLIC_PAGE + 1])
    if not found:
        raise Http404
    return found


def answered_screens(answers: dict[str, object]) -> list[str]:
    """The screens that an imported file answers: each whose first field it holds."""
    return [screen.id for screen in library.pack().screens if any(item.id in answers for item in screen.fields)]
