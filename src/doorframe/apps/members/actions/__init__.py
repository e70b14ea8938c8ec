"""The only writes to practices, people, roles and invitations."""

from doorframe.apps.members.actions.invitations import accept_invitation, invite, withdraw_invitation
from doorframe.apps.members.actions.people import (
    add_member,
    change_own_name,
    change_role,
    deactivate_member,
    reactivate_member,
    reset_demo_password,
    reset_second_factor,
    reset_second_factor_here,
)
from doorframe.apps.members.actions.practices import FIELDS as PRACTICE_FIELDS
from doorframe.apps.members.actions.practices import (
    begin_practice,
    bring_demo_back,
    change_practice,
    create_practice,
    put_demo_away,
)

__all__ = [
    "PRACTICE_FIELDS",
    "accept_invitation",
    "add_member",
    "begin_practice",
    "bring_demo_back",
    "change_own_name",
    "change_practice",
    "change_role",
    "create_practice",
    "deactivate_member",
    "invite",
    "put_demo_away",
    "reactivate_member",
    "reset_demo_password",
    "reset_second_factor",
    "reset_second_factor_here",
    "withdraw_invitation",
]
