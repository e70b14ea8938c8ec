"""Roles are a table; every cell of it is looked at."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import ALLOWED, Permission, Role

# rows: role; the permissions it has, in the words of the practice's owner
EXPECTED = {
    "owner": "policies.view policies.edit policies.approve policies.publish accounts.view accounts.edit "
    "authorisations.view authorisations.edit "
    "posts.write posts.approve practice.edit members.manage trail.view clients.view clients.edit clients.view-all "
    "signatures.ask signatures.answers signatures.campaigns signatures.export mail.view",
    "supervisor": "policies.view policies.edit policies.approve policies.publish accounts.view accounts.edit "
    "authorisations.view authorisations.edit "
    "posts.write posts.approve trail.view clients.view clients.edit clients.view-all signatures.ask "
    "signatures.answers signatures.campaigns signatures.export mail.view",
    "clinician": "authorisations.view authorisations.edit "
    "policies.view policies.edit accounts.view accounts.edit posts.write clients.view clients.edit signatures.ask "
    "signatures.answers",
    "front-desk": "policies.view accounts.view posts.write clients.view clients.edit clients.view-all signatures.ask",
    "moderator": "policies.view posts.write",
}


def test_every_role_has_its_row() -> None:
    assert set(ALLOWED) == set(Role)
    assert {role.value: sorted(held) for role, held in ALLOWED.items()} == {
        role: sorted(words.split()) for role, words in EXPECTED.items()
    }


@pytest.mark.promise("L2")
@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_each_cell(owner: Membership, role: Role, permission: Permission) -> None:
    owner.role = role
    expected = permission.value in EXPECTED[role.value].split()
    assert permissions.can(owner, permission) is expected
    if not expected:
        with pytest.raises(PermissionDenied, match=r"Your role does not let you .+\."):
            permissions.check_can(owner, permission)


@pytest.mark.promise("L3")
@pytest.mark.parametrize("permission", list(Permission))
def test_an_owner_may_nothing_in_another_practice(
    owner: Membership, stranger: Membership, permission: Permission
) -> None:
    with pytest.raises(PermissionDenied, match="another practice"):
        permissions.check_can(owner, permission, stranger)


def test_who_left_may_nothing(owner: Membership) -> None:
    owner.is_active = False
    assert not permissions.can_edit_policies(owner)
    owner.is_active, owner.user.is_active = True, False
    assert not permissions.can_edit_policies(owner)
    assert not permissions.can_view_policies(None)


@pytest.mark.parametrize("name", [name for name in dir(permissions) if name.startswith("can_")])
def test_each_question_asks_its_own_check(owner: Membership, name: str) -> None:
    check = getattr(permissions, f"check_{name}")
    ask = getattr(permissions, name)
    answers = {}
    for role in Role:
        owner.role = role
        try:
            check(owner)
            answers[role] = True
        except PermissionDenied:
            answers[role] = False
        assert ask(owner) is answers[role]
    assert answers[Role.OWNER] is True
    assert answers != dict.fromkeys(Role, True) or name == "can_view_policies"
