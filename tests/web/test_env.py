"""Settings are one table, and loud."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from doorframe.web import env


def test_every_row_is_complete_and_its_default_is_readable() -> None:
    names = [setting.name for setting in env.TABLE]
    assert len(names) == len(set(names))
    for setting in env.TABLE:
        assert setting.name.startswith("DOORFRAME_")
        assert setting.help.endswith(".")
        assert bool(setting.choices) is (setting.kind == "choice")
    assert set(env.read({}).values) == set(names)


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read = env.read({})
    assert read.data == tmp_path / "data"
    assert (read["DOORFRAME_JOBS"], read["DOORFRAME_EMAIL"], read["DOORFRAME_HTTPS"]) == ("db", "file", False)
    assert (read["DOORFRAME_DATABASE_URL"], read["DOORFRAME_CONTENT"], read.is_demo) == ({}, None, False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DOORFRAME_HTTPS", "maybe", "say on or off"),
        ("DOORFRAME_JOBS", "sometimes", "one of db, immediate, celery"),
        ("DOORFRAME_JOBS", "celery", "DOORFRAME_BROKER must name the broker"),
        ("DOORFRAME_BROKER", "kafka://u:hunter2@h", "begins with redis:// or amqp://"),
        ("DOORFRAME_BROKER", "redis://", "begins with redis:// or amqp://"),
        ("DOORFRAME_BROKER", "amqp://u:hunter2@h:many//", "begins with redis:// or amqp://"),
        ("DOORFRAME_QUEUE", "two words", "DOORFRAME_QUEUE must be a name"),
        ("DOORFRAME_SMTP_PORT", "twenty", "whole number"),
        ("DOORFRAME_SMTP_PORT", "-1", "whole number"),
        ("DOORFRAME_PUBLIC_URL", "policies.example.org", "must be an address"),
        ("DOORFRAME_PUBLIC_URL", "javascript://x", "must be an address"),
        ("DOORFRAME_DATABASE_URL", "mysql://u:p@h/n", "must begin with postgresql"),
        ("DOORFRAME_DATABASE_URL", "postgresql://u:p@h:many/n", "not a database address"),
        ("DOORFRAME_DATABASE_URL", "postgresql://u:hunter2@h", "must begin with postgresql"),
        ("DOORFRAME_SECRET_KEY", "short", "at least 32"),
        ("DOORFRAME_EMAIL", "smtp", "DOORFRAME_SMTP_HOST must name"),
        ("DOORFRAME_CONTENT", "/no/such/folder", "not a folder"),
        ("DOORFRAME_HOSTS", " , ", "at least one host"),
        ("DOORFRAME_DATA", "", "must name a folder"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(name: str, value: str, said: str) -> None:
    with pytest.raises(env.SettingError, match=said) as refusal:
        env.read({name: value})
    assert name in str(refusal.value) or "SMTP_HOST" in str(refusal.value)
    assert "\n" not in str(refusal.value) and "hunter2" not in str(refusal.value)


def test_a_postgresql_address_is_taken_apart() -> None:
    read = env.read({"DOORFRAME_DATABASE_URL": "postgresql://door:p%40ss@db.local:5433/frame?sslmode=require"})
    assert read["DOORFRAME_DATABASE_URL"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "frame",
        "USER": "door",
        "PASSWORD": "p@ss",
        "HOST": "db.local",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("ON", True), ("no", False), (" false ", False)])
def test_flags(value: str, expected: bool) -> None:
    assert env.read({"DOORFRAME_HTTPS": value})["DOORFRAME_HTTPS"] is expected


@pytest.mark.parametrize(
    ("choice", "began_as_demo", "expected"),
    [("auto", False, False), ("auto", True, True), ("on", False, True), ("off", True, False)],
)
def test_when_the_demo_is_on(tmp_path: Path, choice: str, began_as_demo: bool, expected: bool) -> None:
    read = env.read({"DOORFRAME_DATA": str(tmp_path), "DOORFRAME_DEMO": choice})
    if began_as_demo:
        read.demo_password_file.write_text("x")
    assert read.is_demo is read.has_demo is expected


@pytest.mark.parametrize(("choice", "expected"), [("auto", False), ("on", True), ("off", False)])
def test_an_owner_puts_the_demo_away_unless_the_setting_says_itself(
    tmp_path: Path, choice: str, expected: bool
) -> None:
    read = env.read({"DOORFRAME_DATA": str(tmp_path), "DOORFRAME_DEMO": choice})
    read.demo_password_file.write_text("x")
    (tmp_path / "demo-put-away").touch()
    assert read.is_demo is expected
    assert read.has_demo is (choice != "off")
    assert (read.demo_put_away_file is not None) is (choice == "auto")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    read = env.read({"DOORFRAME_DATA": str(tmp_path / "new" / "folder")})
    key = env.secret_key(read)
    assert len(key) >= 50
    assert env.secret_key(read) == key
    assert stat.S_IMODE((read.data / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in read.data.iterdir()] == ["secret.key"]


def test_a_key_that_was_set_is_used(tmp_path: Path) -> None:
    read = env.read({"DOORFRAME_DATA": str(tmp_path), "DOORFRAME_SECRET_KEY": "k" * 40})
    assert env.secret_key(read) == "k" * 40
    assert not list(tmp_path.iterdir())


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    barrier, keys = threading.Barrier(8), []

    def start() -> None:
        barrier.wait()
        keys.append(env.kept_secret(tmp_path / "secret.key", length=50))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(env.SettingError, match="cannot write to"):
        env.kept_secret(blocked / "secret.key", length=50)
