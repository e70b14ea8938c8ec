"""What a command cannot do, said to a person. Light on purpose: the door loads it before anything else."""

from __future__ import annotations

from typing import NoReturn


class UserError(Exception):
    """Wrong use or an unusable file: one sentence for the person, exit code 2."""


def fail(message: str) -> NoReturn:
    raise UserError(message)
