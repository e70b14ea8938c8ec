"""What a key may be used for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One thing that a key opens; the label finishes the sentence “With this key a program can …”."""

    READ = "read", _("read where acknowledgements stand")
    SCREEN = "screen", _("have drafts of posts checked")


def reading() -> list[str]:
    """What every key could be used for before there were scopes."""
    return [Scope.READ.value]
