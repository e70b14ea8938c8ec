"""`doorframe-admin check`: each unsafe thing is named, and what is safe is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import checks
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from doorframe.apps.jobs.models import Worker
from doorframe.apps.members.models import Membership
from doorframe.apps.trail import guards
from doorframe.apps.trail.models import Event
from doorframe.web import env as env_module
from doorframe.web import health, safety
from doorframe.web.backup import folder, make
from doorframe.web.env import Env
from doorframe.web.safety import finding, machine, people
from doorframe.web.safety import settings as settings_looks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Overriding setting DATABASES"),  # what is said of it is read, nothing more
]

SAFE = {
    "DOORFRAME_PUBLIC_URL": "https://policies.example.org",
    "DOORFRAME_HOSTS": "policies.example.org,localhost",
    "DOORFRAME_HTTPS": "on",
    "DOORFRAME_DEMO": "off",
    "DOORFRAME_EMAIL": "smtp",
    "DOORFRAME_SMTP_HOST": "mail.example.org",
    "DOORFRAME_EMAIL_FROM": "office@example.org",
}


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder that only its owner can open."""
    place = tmp_path / "data"
    place.mkdir(mode=0o700)
    settings.DATA = place
    settings.FIELD_KEYS_FILE = place / "field-keys.json"
    settings.SECRET_KEY = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop"
    settings.JOBS_ENGINE = "db"
    settings.DATABASES = {"default": {**settings.DATABASES["default"], "HOST": "", "NAME": place / "doorframe.sqlite3"}}
    return place


ASKED = machine.database_time


RUN_CHECKS = checks.run_checks


@pytest.fixture(autouse=True)
def own_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests look at a time of their own, the database has today's; what the framework finds has its own test."""
    monkeypatch.setattr(machine, "database_time", lambda: None)
    monkeypatch.setattr(checks, "run_checks", lambda: [])


def test_the_framework_finds_nothing(safe: datetime, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "run_checks", RUN_CHECKS)
    assert list(settings_looks.framework(env(data), safe)) == []


@pytest.fixture
def safe(data: Path, owner: Membership, now: datetime) -> datetime:
    """An installation with nothing unsafe; gives the time at which one looks."""
    Worker.objects.create(process=1, started_at=now, beat_at=now)
    Authenticator.objects.create(user=owner.user, type=Authenticator.Type.TOTP, data={})
    (data / folder.LAST_BACKUP).write_text(json.dumps({"at": (now - timedelta(days=6)).isoformat()}))
    return now


def env(data: Path, **changes: str) -> Env:
    return env_module.read({"DOORFRAME_DATA": str(data), **SAFE, **changes})


def found(data: Path, now: datetime, **changes: str) -> set[str]:
    return {each.id for each in safety.look(env(data, **changes), now=now)}


@pytest.mark.promise("L5")
def test_nothing_unsafe(safe: datetime, data: Path) -> None:
    assert safety.look(env(data), now=safe) == []


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"DOORFRAME_PUBLIC_URL": "http://policies.example.org"}, {"address-without-https"}),
        ({"DOORFRAME_HTTPS": "off"}, {"https-off"}),
        ({"DOORFRAME_PUBLIC_URL": "http://localhost:8000", "DOORFRAME_HTTPS": "off"}, set()),
        ({"DOORFRAME_PUBLIC_URL": "http://[::1]:8000", "DOORFRAME_HTTPS": "off", "DOORFRAME_HOSTS": "[::1]"}, set()),
        ({"DOORFRAME_PUBLIC_URL": "", "DOORFRAME_HTTPS": "off"}, set()),
        ({"DOORFRAME_HOSTS": "localhost,127.0.0.1,[::1]"}, {"host-missing"}),
        ({"DOORFRAME_HOSTS": "*"}, {"any-host"}),
        ({"DOORFRAME_HOSTS": ".example.org"}, set()),
        ({"DOORFRAME_HOSTS": "xample.org"}, {"host-missing"}),
        ({"DOORFRAME_DEMO": "on"}, {"demo-open"}),
        ({"DOORFRAME_SMTP_SECURITY": "none"}, {"mail-in-the-clear"}),
        ({"DOORFRAME_SMTP_SECURITY": "none", "DOORFRAME_SMTP_HOST": "127.0.0.1"}, set()),
    ],
    ids=str,
)
def test_a_setting_is_named(safe: datetime, data: Path, settings: Any, changes: dict[str, str], ids: set[str]) -> None:
    settings.PUBLIC_URL = ""
    assert found(data, safe, **changes) == ids


def test_mail_that_tells(safe: datetime, data: Path, settings: Any) -> None:
    settings.SENDS_MAIL, settings.DEFAULT_FROM_EMAIL = True, "office@harbour-therapy.example"
    assert found(data, safe) == {"mail-tells"}


@pytest.mark.parametrize("key", ["short", "a" * 60, "abcabc" * 20])
def test_a_weak_key(safe: datetime, data: Path, settings: Any, key: str) -> None:
    settings.SECRET_KEY = key
    assert {each.id for each in settings_looks.secret_key(env(data), safe)} == {"weak-secret-key"}


@pytest.mark.parametrize(
    ("host", "options", "unsafe"),
    [
        ("db.example.org", {}, True),
        ("db.example.org", {"sslmode": "prefer"}, True),
        ("localhost,db.example.org", {}, True),
        ("10.0.0.7", {"sslmode": "disable"}, True),
        ("db.example.org", {"sslmode": "require"}, False),
        ("db.example.org", {"sslmode": "verify-full"}, False),
        ("127.0.0.1", {}, False),
        ("/var/run/postgresql", {}, False),
        ("", {}, False),
    ],
)
def test_a_database_on_another_machine(
    safe: datetime, data: Path, settings: Any, host: str, options: dict[str, str], unsafe: bool
) -> None:
    used = {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "HOST": host, "OPTIONS": options}
    settings.DATABASES = {"default": used}
    assert bool(list(settings_looks.database(env(data), safe))) is unsafe


def test_what_the_framework_finds(safe: datetime, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [checks.Warning("Odd.", hint="Mend it.", id="x.W1"), checks.Info("Fine.", id="x.I1")]
    monkeypatch.setattr(checks, "run_checks", lambda: messages)
    assert [(each.id, each.says, each.do) for each in safety.look(env(data), now=safe)] == [
        ("x.W1", "Odd.", "Mend it.")
    ]


@pytest.mark.parametrize("name", ["secret.key", "field-keys.json", "seal.p12", "demo-password.txt"])
def test_secrets_that_others_can_read(safe: datetime, data: Path, name: str) -> None:
    (data / name).write_text("x")
    (data / name).chmod(0o644)
    assert list(machine.permissions(env(data), safe)) == []  # the folder keeps others out
    data.chmod(0o755)
    (told,) = machine.permissions(env(data), safe)
    assert name in told.says and "chmod" in told.do
    (data / name).chmod(0o600)
    assert list(machine.permissions(env(data), safe)) == []


def test_a_new_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    env_module.kept_secret(tmp_path / "new" / "secret.key", length=50)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/mnt /mnt nfs4 rw 0 0
/dev/sdb1 /mnt/local ext4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
/dev/sdc1 /over ext4 rw 0 0
me@host: /over fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/data", "ext4"), ("/mnt/data", "nfs4"), ("/mnt/local/data", "ext4"), ("/mntless", "ext4"),
     ("/mnt/my share/x", "cifs"), ("/over/x", "fuse.sshfs")],
)  # fmt: skip
def test_what_kind_of_disk_it_is(tmp_path: Path, path: str, kind: str) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert machine.kind_of_disk(Path(path), tmp_path / "mounts") == kind
    assert machine.kind_of_disk(Path(path), tmp_path / "none") == ""


def test_the_embedded_database_on_a_share(
    safe: datetime, data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "x"}}
    for kind, unsafe in (("cifs", True), ("ext4", False), ("", False)):
        monkeypatch.setattr(machine, "kind_of_disk", lambda path, kind=kind: kind)
        assert bool(list(machine.network_share(env(data), safe))) is unsafe


def test_a_clock_that_is_behind(safe: datetime, data: Path) -> None:
    assert Event.objects.exists()
    assert "clock-behind" in found(data, safe - timedelta(minutes=5))


@pytest.mark.parametrize(("minutes", "ids"), [(-3, {"clocks-apart"}), (3, {"clocks-apart"}), (1, set())])
def test_clocks_that_are_apart(
    safe: datetime, data: Path, monkeypatch: pytest.MonkeyPatch, minutes: int, ids: set[str]
) -> None:
    monkeypatch.setattr(machine, "database_time", lambda: safe + timedelta(minutes=minutes))
    assert found(data, safe) == ids


def test_the_clock_of_this_database(db: None) -> None:
    theirs = ASKED()
    assert (theirs is None) is (connection.vendor == "sqlite")
    assert theirs is None or theirs.tzinfo is not None


def test_no_worker_no_room_and_no_guards(safe: datetime, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Worker.objects.all().delete()
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    monkeypatch.setattr(guards, "are_installed", lambda _: False)
    assert found(data, safe) == {"worker", "disk", "trail-unguarded"}


def test_an_old_backup_and_none(safe: datetime, data: Path) -> None:
    (old,) = safety.look(env(data), now=_later(safe, days=2))
    assert (old.id, old.says.split(".")[0]) == ("no-backup", "The last backup is 8 days old")
    (data / folder.LAST_BACKUP).unlink()
    assert make.last_backup() is None
    assert found(data, safe) == {"no-backup"}


def _later(now: datetime, *, days: int) -> datetime:
    later = now + timedelta(days=days)
    Worker.objects.update(beat_at=later)
    return later


def test_an_owner_without_a_second_factor(safe: datetime, data: Path, stranger: Membership) -> None:
    (told,) = safety.look(env(data), now=safe)
    assert told.id == "owner-without-second-factor"
    assert stranger.practice.slug in told.says
    assert stranger.user.email not in told.says and stranger.user.display_name not in told.says


@pytest.mark.parametrize("kind", ["file", "none", "smtp"])
def test_clients_who_wait_for_letters_that_go_nowhere(
    safe: datetime, data: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert found(data, safe, DOORFRAME_EMAIL=kind) == set()  # nobody waits
    monkeypatch.setattr(people, "clients_wait", lambda now: True)
    assert found(data, safe, DOORFRAME_EMAIL=kind) == (set() if kind == "smtp" else {"mail-goes-nowhere"})


def test_without_a_practice_there_is_nothing_to_lose(data: Path, db: None, now: datetime) -> None:
    Worker.objects.create(process=1, started_at=now, beat_at=now)
    assert found(data, now) == set()


@pytest.mark.parametrize("host", ["", "localhost", "a.localhost", "127.8.8.8", "::1", "[::1]", "/run/x"])
def test_this_machine(host: str) -> None:
    assert finding.is_here(host)
    assert not finding.is_here("10.0.0.1") and not finding.is_here("localhost.example.org")


@pytest.fixture
def commanded(safe: datetime, data: Path, settings: Any) -> Iterator[Any]:
    """The command, with settings of one's own."""
    Worker.objects.update(beat_at=timezone.now())
    (data / folder.LAST_BACKUP).write_text(json.dumps({"at": timezone.now().isoformat()}))

    def run(*arguments: str, **changes: str) -> None:
        settings.ENV = replace(settings.ENV, values=env(data, **changes).values)
        call_command("check", *arguments)

    yield run


def test_the_command_says_so_and_ends_with_0(commanded: Any, capsys: Any) -> None:
    commanded()
    assert capsys.readouterr().out == "Nothing unsafe was found.\n"


def test_the_command_names_what_is_unsafe_and_ends_with_1(commanded: Any, capsys: Any) -> None:
    for arguments in ((), ("--json",)):
        with pytest.raises(SystemExit) as end:
            commanded(*arguments, DOORFRAME_HOSTS="*")
        assert end.value.code == 1
        said = capsys.readouterr().out
        assert "DOORFRAME_HOSTS allows every name" in said and "Name only the hosts" in said
    assert [each["id"] for each in json.loads(said)] == ["any-host"]


def test_the_command_that_cannot_look_ends_with_2(commanded: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("password of door@db.local is wrong")

    monkeypatch.setattr(safety, "look", broken)
    with pytest.raises(SystemExit) as end:
        commanded()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "cannot look" in said and "db.local" not in said


def test_every_sentence_ends_and_none_shouts(safe: datetime, data: Path, settings: Any) -> None:
    assert connection.vendor in {"sqlite", "postgresql"}
    settings.SECRET_KEY = "x"
    changes = {"DOORFRAME_PUBLIC_URL": "http://a.example", "DOORFRAME_HTTPS": "off", "DOORFRAME_DEMO": "on"}
    told = safety.look(env(data, **changes), now=safe)
    assert len(told) == 5
    for each in told:
        assert each.says.endswith(".") and "!" not in each.says + each.do
