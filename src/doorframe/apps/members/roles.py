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
    Role.FRONT_DESK: _("Reads the policy and the register of accounts, and changes nothing."),
    Role.CLINICIAN: _("Writes policies and keeps the register of accounts; somebody else approves and publishes."),
    Role.SUPERVISOR: _("Does what a clinician does, approves and publishes policies, and sees who did what and when."),
    Role.MODERATOR: _("Reads the policy in order to keep to it in groups and comments, and sees nothing else."),
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
    EDIT_PRACTICE = "practice.edit", _("change the practice's details")
    MANAGE_MEMBERS = "members.manage", _("add people or change their roles")
    VIEW_TRAIL = "trail.view", _("see who did what and when")


_READ = frozenset({Permission.VIEW_POLICIES, Permission.VIEW_ACCOUNTS})
_WRITE = _READ | {Permission.EDIT_POLICIES, Permission.EDIT_ACCOUNTS}

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.SUPERVISOR: _WRITE | {Permission.APPROVE_POLICIES, Permission.PUBLISH_POLICIES, Permission.VIEW_TRAIL},
    Role.CLINICIAN: _WRITE,
    Role.FRONT_DESK: _READ,
    Role.MODERATOR: frozenset({Permission.VIEW_POLICIES}),
}
