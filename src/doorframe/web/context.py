"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from doorframe.apps.members import beginning, demo, permissions
from doorframe.apps.members.seed import OWNER_EMAIL
from doorframe.web import rooms


def frame(request: HttpRequest) -> dict[str, Any]:
    """`member`, `memberships`, `may_edit_practice`, `navigation`, `may_begin` and, while the demo is on, `demo_email`.

    No database query is made before a page asks for `may_begin`.
    """
    member = getattr(request, "member", None)
    return {
        "member": member,
        "memberships": getattr(request, "memberships", []) if member else [],
        "navigation": rooms.navigation(request.path, member) if member else [],
        "may_edit_practice": permissions.can_edit_practice(member),
        "demo_email": OWNER_EMAIL if demo.is_on() else "",
        # Asked only by the pages that show the link, for it does cost a query.
        "may_begin": beginning.is_open,
    }
