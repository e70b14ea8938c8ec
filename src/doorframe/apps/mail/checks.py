"""Whether what is set up for mail would tell a stranger of care."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from doorframe.apps.mail import names


def warnings(settings: Any) -> list[str]:
    """A sentence for each setting that every mail would carry to whoever sees it; `settings` are Django's own."""
    found = []
    for name, value in (
        ("DOORFRAME_EMAIL_FROM", settings.DEFAULT_FROM_EMAIL if settings.SENDS_MAIL else ""),
        ("DOORFRAME_PUBLIC_URL", settings.PUBLIC_URL or ""),
    ):
        telling = names.reveals(value)
        if telling:
            found.append(
                _(
                    "%(name)s holds “%(word)s”, so every e-mail tells whoever sees it what it is about. Use a domain "
                    "that tells nothing, for example your own name."
                )
                % {"name": name, "word": telling[0]}
            )
    return found
