"""Papers: the one in force, and those before it."""

from __future__ import annotations

from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Practice
from doorframe.apps.signatures.models import Paper

POLICY = "policy"


def current_paper(practice: Practice, key: str = POLICY) -> Paper | None:
    """The paper that is signed now, if one is in force."""
    return Paper.objects.for_practice(practice).filter(key=key, ended_at=None).first()


def paper(practice: Practice, uid: object) -> Paper:
    """One paper of this practice, or Http404."""
    return get_for_practice(Paper, practice=practice, uid=uid)


def papers(practice: Practice, key: str = POLICY) -> list[Paper]:
    """Every paper that was ever in force, newest first, without its text."""
    return list(Paper.objects.for_practice(practice).filter(key=key).defer("tree", "answers").order_by("-number"))


def paper_by_key(pk: int) -> Paper:
    """A paper with its text, by the key that another row of the same practice holds."""
    return Paper.objects.get(pk=pk)
