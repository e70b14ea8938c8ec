"""What can go wrong, each as one sentence for whoever typed the command."""

from __future__ import annotations


class BackupError(Exception):
    """The backup was not made, or is not usable; the message says why and what was kept."""


class NotEmpty(BackupError):
    """There is something already where the backup should go."""
