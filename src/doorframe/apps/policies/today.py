"""What the policies ask of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.today import Item
from doorframe.apps.policies import queries, rules
from doorframe.apps.policies.states import State, Verb

MOST_WAITING = 5
"""Further versions come up once these are settled."""


def items(member: Membership, *, now: datetime) -> Iterable[Item]:
    """A draft to finish, a version to look at, or the first policy to write."""
    if not permissions.can_view_policies(member):
        return
    shown = 0
    for version in queries.waiting_for_review(member.practice):
        verb = Verb.APPROVE if version.state == State.IN_REVIEW else Verb.PUBLISH
        if shown < MOST_WAITING and rules.can(member, version, verb):
            shown += 1
            title = (
                _("A policy waits for your approval") if verb == Verb.APPROVE else _("A policy waits to be published")
            )
            sentence = _("Written by %(name)s.") % {"name": version.author.user}
            yield Item(
                _("Today"), title, sentence, reverse("policies:version", args=[version.uid]), _("Read it"), order=1
            )
    if not permissions.can_edit_policies(member):
        return
    draft = queries.latest_draft(member.practice)
    if draft is not None:
        state = queries.draft_progress(draft)
        sentence = _("%(done)s of %(total)s questions are answered. It goes on where you left it.")
        words = sentence % {"done": state.done, "total": state.total}
        if state.done >= state.total:
            words = _("Every question is answered. Look it over and publish it.")
        yield Item(
            _("When you can"),
            _("Finish your policy"),
            words,
            reverse("policies:resume", args=[draft.uid]),
            _("Go on"),
            order=5,
        )
    elif queries.current(member.practice) is not None:
        for finding in queries.accounts_not_named(member.practice)[:3]:
            title, button = _("Your policy does not name one of your accounts"), _("Look at it")
            yield Item(_("When you can"), title, finding.message, reverse("policies:index"), button, order=4)
    else:
        sentence = _("About twenty questions. You can stop at any time; every answer is kept.")
        yield Item(
            _("When you can"),
            _("Write your social media policy"),
            sentence,
            reverse("policies:index"),
            _("Begin"),
            order=5,
        )
        sentence = _("Bring it, however old it is. You see what it covers, what it lacks, and what is out of date.")
        title, button = _("Already have a policy?"), _("See what it lacks")
        yield Item(_("When you can"), title, sentence, reverse("policies:audit"), button, order=5)
