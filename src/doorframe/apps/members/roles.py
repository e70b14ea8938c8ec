"""Roles and what each may do, as one table."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in a practice."""

    OWNER = "owner", _("Owner")
    CLINICIAN = "clinician", _("Clinician")
    SUPERVISOR = "supervisor", _("Supervisor")
    FRONT_DESK = "front-desk", _("Front desk")
    MODERATOR = "moderator", _("Moderator")


EXPLAINED: dict[Role, Promise] = {
    Role.FRONT_DESK: _(
        "Keeps the list of clients, hands out the tablet and sends links; never sees what a client asks or answers."
    ),
    Role.CLINICIAN: _(
        "Writes policies, keeps the register of accounts, and sees to their own clients; somebody else publishes."
    ),
    Role.SUPERVISOR: _(
        "Does what a clinician does for every client, approves and publishes policies, and sees who did what when."
    ),
    Role.MODERATOR: _(
        "Reads the policy and has posts and comments checked, in order to keep to it; sees nothing else."
    ),
    Role.OWNER: _("Does everything, invites people, and changes the practice itself."),
}
"""Each role in one sentence, from the least to the most."""


class Permission(models.TextChoices):
    """One thing that a role may allow; the label finishes the sentence “Your role does not let you …”."""

    VIEW_POLICIES = "policies.view", _("see the practice's policies")
    EDIT_POLICIES = "policies.edit", _("write or change a policy")
    APPROVE_POLICIES = "policies.approve", _("approve a policy")
    PUBLISH_POLICIES = "policies.publish", _("publish or retire a policy")
    VIEW_ACCOUNTS = "accounts.view", _("see the practice's accounts")
    EDIT_ACCOUNTS = "accounts.edit", _("change the practice's accounts")
    VIEW_AUTHORISATIONS = "authorisations.view", _("see which stories clients allowed")
    EDIT_AUTHORISATIONS = "authorisations.edit", _("ask a client to allow a story")
    WRITE_POSTS = "posts.write", _("write posts and have them checked")
    APPROVE_POSTS = "posts.approve", _("approve posts, and see those of others")
    EDIT_PRACTICE = "practice.edit", _("change the practice's details")
    MANAGE_MEMBERS = "members.manage", _("add people or change their roles")
    VIEW_TRAIL = "trail.view", _("see who did what and when")
    VIEW_CLIENTS = "clients.view", _("see the names of clients and where each one stands")
    EDIT_CLIENTS = "clients.edit", _("add clients or change their entries")
    VIEW_ALL_CLIENTS = "clients.view-all", _("see the clients of other clinicians")
    ASK_CLIENTS = "signatures.ask", _("ask a client to read and sign")
    VIEW_ANSWERS = "signatures.answers", _("see what clients asked and signed")
    RUN_CAMPAIGNS = "signatures.campaigns", _("run the asking of all clients")
    EXPORT_EVIDENCE = "signatures.export", _("take evidence out of the practice")
    VIEW_MAIL = "mail.view", _("see which letters went out and which failed")


_READ = frozenset({Permission.VIEW_POLICIES, Permission.VIEW_ACCOUNTS, Permission.WRITE_POSTS})
# The front desk hands out the tablet and sends links; what a client asks or answers is not for it.
_DESK = frozenset({Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS, Permission.ASK_CLIENTS})
_WRITE = _READ | _DESK | {Permission.EDIT_POLICIES, Permission.EDIT_ACCOUNTS, Permission.VIEW_ANSWERS}
_WRITE |= {Permission.VIEW_AUTHORISATIONS, Permission.EDIT_AUTHORISATIONS}
_LEAD = {Permission.VIEW_ALL_CLIENTS, Permission.RUN_CAMPAIGNS, Permission.EXPORT_EVIDENCE, Permission.VIEW_MAIL,
         Permission.APPROVE_POSTS}  # fmt: skip

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.SUPERVISOR: _WRITE | _LEAD | {Permission.APPROVE_POLICIES, Permission.PUBLISH_POLICIES, Permission.VIEW_TRAIL},
    Role.CLINICIAN: _WRITE,
    Role.FRONT_DESK: _READ | _DESK | {Permission.VIEW_ALL_CLIENTS},
    Role.MODERATOR: frozenset({Permission.VIEW_POLICIES, Permission.WRITE_POSTS}),
}
