"""What may be done to a version: `check_x` raises with a sentence a person can read, `can_x` asks it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State, Verb, after
from doorframe.engines.interview.findings import Finding


class NotNow(Exception):
    """The step does not fit the state or the rules; the message says why and what to do instead."""


class CannotPublish(NotNow):
    """Something blocks publishing; `blocking` names each thing with the screens that mend it."""

    def __init__(self, blocking: list[Finding]) -> None:
        self.blocking = blocking
        super().__init__(_("This policy cannot be published yet. What is missing stands below; your answers are kept."))


class NoteMissing(NotNow):
    """A version that follows another goes out without a word on what changed."""

    def __init__(self) -> None:
        super().__init__(
            _("Say in a sentence what changed; readers see it in the list of versions. Nothing was published yet.")
        )


class KindMissing(NotNow):
    """A version that follows another goes out without a word on whether clients are to be asked again."""

    def __init__(self) -> None:
        super().__init__(
            _("Choose whether the change is editorial or material, for it decides who is asked again. "
              "Nothing was published yet.")
        )  # fmt: skip


_PERMISSIONS = {
    Verb.SUBMIT: permissions.check_can_edit_policies,
    Verb.RETURN: permissions.check_can_edit_policies,
    Verb.APPROVE: permissions.check_can_approve_policies,
    Verb.PUBLISH: permissions.check_can_publish_policies,
    Verb.RETIRE: permissions.check_can_publish_policies,
}


def check_can_edit_answers(actor: Membership | None, version: Version) -> None:
    """Raise PermissionDenied by role, NotNow when the version is no longer a draft."""
    permissions.check_can_edit_policies(actor, version)
    if not version.is_draft:
        raise NotNow(
            _("This version is no longer a draft, so its answers stand still. Start a new version to change them.")
        )


def check_can(actor: Membership, version: Version, verb: Verb) -> State:
    """The state that the step leads to. Raises PermissionDenied or NotNow."""
    _PERMISSIONS[verb](actor, version)
    following = after(version.state, verb)
    if following is None:
        raise NotNow(
            _("A version that is “%(state)s” cannot be changed in this way.")
            % {"state": State(version.state).label.lower()}
        )
    if verb == Verb.APPROVE:
        check_second_person(actor, version)
    return following


def check_second_person(actor: Membership, version: Version) -> None:
    """Raise PermissionDenied when the practice wants two people and this is the same one."""
    if version.practice.two_person_rule and actor.pk in {version.author_id, *version.editors}:
        raise PermissionDenied(
            _("Your practice asks for a second person here: somebody who did not write this version approves it.")
        )


def can(actor: Membership, version: Version, verb: Verb) -> bool:
    try:
        check_can(actor, version, verb)
    except (PermissionDenied, NotNow):
        return False
    return True
