"""What a password costs to guess, outside of tests."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.promise("L2")
def test_passwords_cost_what_django_says() -> None:
    """Asked of a process of its own: in this one passwords are made quick."""
    script = (
        "import django; django.setup();"
        "from django.contrib.auth.hashers import make_password;"
        "print(make_password('a quiet long password'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    kind, scheme, _version, cost, *_rest = done.stdout.strip().split("$")
    assert (kind, scheme) == ("argon2", "argon2id")
    costs = dict(part.split("=") for part in cost.split(","))
    assert int(costs["m"]) >= 65_536 and int(costs["t"]) >= 2
