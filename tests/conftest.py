"""What every test shares: the browser's settings, no outside network, a promise's id, practices to test with."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from doorframe.apps.members.models import Membership

# Playwright runs an event loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A slow machine is no fault of the code, and a run in CI finds the same examples twice.
settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("everyday"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everyday")

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = Path(__file__).resolve().parent / "journeys"
PROMISE_ID = re.compile(r"[A-L][1-9][0-9]?")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

# As an administrator Chromium has no sandbox; and it is never to look for anything outside this machine.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_report_header() -> str:
    """Name the database, so that a log shows which half of the suite it is."""
    from django.conf import settings as django_settings

    return f"database: {django_settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and refuse a promise whose id names no row."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("journey")
        for mark in item.iter_markers("promise"):
            if len(mark.args) != 1 or not PROMISE_ID.fullmatch(str(mark.args[0])):
                raise pytest.UsageError(f'{item.nodeid}: write @pytest.mark.promise("A5") with one id of a row')


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds run.py."""
    return ROOT


# Django's models can be imported only once pytest-django has set Django up, so not at the top of this file.


@pytest.fixture(autouse=True, scope="session")
def passwords_are_quick() -> Iterator[None]:
    """The same Argon2 with as little work as it allows: at its real cost, making people took half of a test run.

    What a stranger's guess costs is Django's own figure, which test_passwords_cost_what_django_says holds to.
    """
    from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher

    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Hasher, name, value)
        yield


@pytest.fixture(autouse=True, scope="session")
def static_files_are_looked_for_once() -> Iterator[None]:
    """Every new client of a test starts the middleware anew, and it read the same folders each time."""
    from whitenoise.middleware import WhiteNoiseMiddleware as Static

    with pytest.MonkeyPatch.context() as patch:
        for name in ("add_files_from_finders", "update_files_dictionary"):
            patch.setattr(Static, name, _found_once(getattr(Static, name)))
        yield


def _found_once(find: Callable[..., None]) -> Callable[..., None]:
    known: dict[tuple[object, ...], dict[str, object]] = {}

    def found(self: Any, *where: object) -> None:
        key = (self.static_prefix, *where)
        if key not in known:
            kept, self.files = self.files, {}
            find(self, *where)
            known[key], self.files = self.files, kept
        self.files.update(known[key])

    return found


@pytest.fixture(autouse=True, scope="session")
def trail_may_be_flushed() -> Iterator[None]:
    """A transactional test ends by emptying every table; the trail's guards step aside for that alone."""
    from doorframe.apps.trail.testing import flush_allowed

    with flush_allowed():
        yield


@pytest.fixture
def now() -> datetime:
    """A Saturday morning."""
    return NOW


@pytest.fixture
def owner(db: None) -> Membership:
    """The owner of practice A."""
    return _practice("Harbour Lane", "imani@a.example", "Dr Imani Cole")


@pytest.fixture
def stranger(db: None) -> Membership:
    """The owner of practice B."""
    return _practice("Mill Road", "jo@b.example", "Jo Reyes")


def _practice(name: str, email: str, person: str) -> Membership:
    from doorframe.apps.members.actions import create_practice

    return create_practice(name=name, owner_email=email, owner_name=person, password=None, at=NOW)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that this machine has; Playwright's own download is not used."""
    program = os.environ.get("DOORFRAME_CHROMIUM")
    if not program:
        pytest.fail("DOORFRAME_CHROMIUM must name a browser; python3 run.py test finds one.")
    return {**browser_type_launch_args, "executable_path": program, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The same words and hours on every machine."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC"}


def _is_here(address: Any) -> bool:
    """Whether a socket's address is on this machine."""
    if not isinstance(address, tuple):
        return True  # a socket in the file system
    if address[0] in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Iterator[None]:
    """Doorframe promises to need no network; a test that reaches for one fails."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:
    """`connect`, for addresses of this machine alone."""

    def guarded(self: socket.socket, address: Any) -> Any:
        if not _is_here(address):
            raise AssertionError(f"A test reached for the network: {address}")
        return connect(self, address)

    return guarded
