"""Encrypted columns: nothing in clear, keys that change under living rows, and a key file that is missed."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorframe.adapters import key_file
from doorframe.adapters.encryption import DecryptError, Keyring, KeyringError, key_id_of, new_key
from doorframe.apps.clients.models import Client, Person
from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job, State
from doorframe.apps.members import encryption, rotation
from doorframe.apps.members.actions import keys
from doorframe.apps.members.encryption import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.trail.models import Event
from doorframe.web import health

NAMES = ["Ada Quill", "Zoë Ångström", "李 小龙", "O'Brien; DROP TABLE", "x" * 3000]


@pytest.fixture(autouse=True)
def key_path(settings: Any, tmp_path: Path) -> Path:
    """A key file of its own for each test, and jobs that wait for a worker."""
    settings.JOBS_ENGINE = "db"
    settings.FIELD_KEYS_FILE = tmp_path / "field-keys.json"
    return tmp_path / "field-keys.json"


def people(owner: Membership, names: list[str], at: datetime) -> list[Person]:
    code = f"C-{Client.objects.count()}"
    client = Client.objects.create(practice=owner.practice, code=code, clinician=owner, created_at=at, changed_at=at)
    return [
        Person.objects.create(practice=owner.practice, client=client, name=name, email=f"{n}@quill.example")
        for n, name in enumerate(names)
    ]


def raw(column: str = "name") -> list[bytes]:
    """The column as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM clients_person ORDER BY id")
        return [None if row[0] is None else bytes(row[0]) for row in cursor.fetchall()]


def names() -> list[str]:
    return list(Person.objects.order_by("pk").values_list("name", flat=True))


_hours = itertools.count(2)


def clock() -> datetime:
    """An hour later each time it is asked, so that every lease has run out and every pause is over."""
    return timezone.now() + timedelta(hours=next(_hours))


def work() -> None:
    """Do what is due, as a worker would, also after one that died."""
    runner.reclaim(at=clock())
    while runner.run_next(now=clock):
        continue


# --- the fields


@pytest.mark.promise("C10")
@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.text(st.characters(exclude_categories=["Cs"])), data=st.binary(), tree=st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3), max_leaves=6,
))  # fmt: skip
def test_every_kind_comes_back_as_it_went_in(words: str, data: bytes, tree: Any) -> None:
    fields = [_field(EncryptedTextField), _field(EncryptedBytesField), _field(EncryptedJSONField)]
    for field, value in zip(fields, (words, data, tree), strict=True):
        kept = field.get_db_prep_value(value, connection)
        came = None if kept is None else bytes(kept.obj)  # the driver wraps what goes out, and gives bytes back
        assert field.from_db_value(came, None, connection) == value
        assert (kept is None) is (value is field.empty or value == field.empty)


def _field(kind: Any) -> Any:
    field = kind()
    field.model, field.name = Person, "name"
    return field


@pytest.mark.promise("C10")
def test_a_dump_of_the_database_shows_no_words(owner: Membership, now: datetime) -> None:
    people(owner, NAMES, now)
    assert names() == NAMES
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clients_person")
        dump = b"".join(
            bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
            for row in cursor.fetchall()
            for cell in row
        )
    for words in [*NAMES, "quill.example"]:
        assert words.encode() not in dump
    assert None not in raw() and len(set(raw())) == len(NAMES)


@pytest.mark.promise("C10")
def test_no_model_keeps_a_persons_words_in_a_plain_column() -> None:
    kept = {f"{model._meta.label}.{field.name}" for model, field in encryption.encrypted_fields()}
    assert {"clients.Person.name", "clients.Person.email", "clients.Person.phone"} <= kept
    for model in (apps.get_model("clients", "Person"),):
        plain = {f.name for f in model._meta.local_fields if isinstance(f, models.TextField)}
        assert plain == set()


def test_nothing_is_encrypted_for_nothing(owner: Membership, now: datetime) -> None:
    (person,) = people(owner, [""], now)
    assert raw() == [None]
    assert Person.objects.get(name__isnull=True) == person
    assert Person.objects.get().name == ""


@pytest.mark.parametrize(
    "lookup", [{"name": "Ada"}, {"name": None}, {"name__contains": "A"}, {"name__in": ["A"]}, {"name__lower": "a"}]
)
def test_the_database_is_never_asked_to_search(lookup: dict[str, Any]) -> None:
    with pytest.raises(FieldError, match=r"clients\.person\.name is kept encrypted"):
        Person.objects.filter(**lookup)


@pytest.mark.parametrize("option", ["unique", "db_index", "primary_key"])
def test_a_field_that_would_be_searched_cannot_be_made(option: str) -> None:
    with pytest.raises(ValueError, match=option):
        EncryptedTextField(**{option: True})


def test_a_value_moved_to_another_column_does_not_open(owner: Membership, now: datetime) -> None:
    people(owner, ["Ada Quill"], now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_person SET phone = name")
    with pytest.raises(DecryptError, match="another place"):
        Person.objects.get()


def test_an_altered_value_does_not_open(owner: Membership, now: datetime) -> None:
    people(owner, ["Ada Quill"], now)
    (sealed,) = raw()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_person SET name = %s", [sealed[:-1] + bytes([sealed[-1] ^ 1])])
    with pytest.raises(DecryptError, match="altered"):
        Person.objects.get()


def test_update_and_bulk_writes_are_sealed_too(owner: Membership, now: datetime) -> None:
    rows = people(owner, ["a", "b"], now)
    Person.objects.update(phone="0123456")
    rows[0].name = "Bea Long"
    Person.objects.bulk_update(rows, ["name"])
    assert b"0123456" not in b"".join(raw("phone")) and b"Bea Long" not in b"".join(raw())
    assert names() == ["Bea Long", "b"]
    assert set(Person.objects.values_list("phone", flat=True)) == {"0123456"}


def test_no_serialiser_writes_the_words_in_clear(owner: Membership, now: datetime) -> None:
    people(owner, ["Ada Quill"], now)
    with pytest.raises((TypeError, CommandError), match="never written out in clear"):
        call_command("dumpdata", "clients.Person", stdout=StringIO())


@pytest.mark.parametrize(
    "field",
    [
        EncryptedTextField("name", max_length=80), EncryptedTextField(blank=False, context="a.b.c"),
        EncryptedJSONField(default=list), EncryptedBytesField(), EncryptedTextField(default="x"),
    ],
)  # fmt: skip
def test_a_migration_makes_the_same_field_again(field: Any) -> None:
    _name, path, args, kwargs = field.deconstruct()
    again = type(field)(*args, **kwargs)
    assert path == f"doorframe.apps.members.encryption.{type(field).__name__}"
    assert again.deconstruct()[1:] == (path, args, kwargs)
    assert again.null and again.blank == field.blank and again.get_default() == field.get_default()


def test_a_field_that_was_renamed_keeps_its_place() -> None:
    field = EncryptedTextField(context="clients.person.name")
    field.model, field.name = Client, "other"
    assert field.context == "clients.person.name"


def test_every_model_with_such_a_field_belongs_to_a_practice() -> None:
    assert [m for m in rotation.encrypted_models() if "practice" not in {f.name for f in m._meta.fields}] == []
    field = EncryptedTextField()
    field.model, field.name = Practice, "secret"
    assert "members.E001" in {found.id for found in field.check()}


# --- the key file


def test_a_lost_key_file_is_noticed_and_never_replaced(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill"], now)
    assert keys_check().fine
    away = key_path.rename(key_path.with_name("away"))
    assert not keys_check().fine and "missing" in keys_check().says
    with pytest.raises(KeyringError, match="no new key was made"):
        Person.objects.get()
    with pytest.raises(KeyringError, match="no new key was made"), transaction.atomic():
        people(owner, ["Another"], now)
    assert not key_path.exists()
    away.rename(key_path)
    assert names() == ["Ada Quill"] and keys_check().fine


@pytest.mark.promise("L5")
def test_a_key_file_of_another_installation_is_noticed(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill"], now)
    key_file.replace(key_path, Keyring.of(new_key(now)))
    assert not keys_check().fine and "lacks 1" in keys_check().says
    with pytest.raises(DecryptError, match="not in the key file"):
        Person.objects.get()


def test_a_key_that_only_the_oldest_or_only_the_newest_row_needs_is_missed(
    owner: Membership, now: datetime, key_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "NEWEST", 1)
    first, second = Keyring.of(new_key(now)), Keyring.of(new_key(now))
    for ring in (first, second):
        key_file.replace(key_path, ring)
        people(owner, ["Ada Quill"], now)
    for kept, lacking in ((first, second), (second, first)):
        key_file.replace(key_path, kept)
        assert rotation.strange_keys() == {lacking.primary.id}


def test_a_spoilt_key_file_is_noticed(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill"], now)
    key_path.write_text("{}")
    assert not keys_check().fine
    with pytest.raises(KeyringError):
        Person.objects.get()


def test_asking_after_the_health_makes_no_key(db: None, key_path: Path) -> None:
    assert keys_check().fine
    assert not key_path.exists()


def keys_check() -> health.Check:
    (found,) = [check for check in health.checks(now=timezone.now()) if check.name == "keys"]
    return found


def test_a_ring_in_memory_notices_the_new_file(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill"], now)
    before = encryption.keyring()
    key_file.replace(key_path, before.with_key(new_key(now)))  # as another process does
    people(owner, ["Bea Long"], now)
    old, new = (key_id_of(value) for value in raw())
    assert old == before.primary.id != new


# --- changing the key


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two, so that five rows are three batches."""
    monkeypatch.setattr(rotation, "BATCH", 2)


@pytest.mark.promise("C10")
@pytest.mark.promise("L5")
@pytest.mark.django_db(transaction=True)
def test_a_rotation_from_end_to_end(
    owner: Membership, stranger: Membership, now: datetime, key_path: Path, small: None
) -> None:
    people(owner, NAMES, now)
    people(stranger, ["Eve North", ""], now)
    old = encryption.keyring().primary.id
    new = keys.rotate_keys(at=now)
    assert names() == [*NAMES, "Eve North", ""], "everything stays readable before a row is touched"
    with pytest.raises(KeyringError, match="Older keys still hold"):
        keys.finish_rotation(at=now + timedelta(hours=1))
    work()
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}
    assert {key_id_of(value) for value in raw() if value} == {new} != {old}
    assert rotation.usage().keys() == {new}
    with pytest.raises(KeyringError, match="minutes old"):
        keys.finish_rotation(at=now + timedelta(minutes=9))
    assert keys.finish_rotation(at=now + timedelta(minutes=10)) == 1
    assert list(key_file.read(key_path).keys) == [new]
    assert names() == [*NAMES, "Eve North", ""]
    for practice in (owner.practice, stranger.practice):
        said = Event.objects.filter(practice=practice, name__startswith="members.keys.").order_by("seq")
        assert [event.name.rpartition(".")[2] for event in said] == ["added", "rotated", "finished"]


@pytest.mark.django_db(transaction=True)
def test_asking_twice_changes_the_key_once(owner: Membership, now: datetime) -> None:
    people(owner, NAMES, now)
    new = keys.rotate_keys(at=now)
    assert keys.rotate_keys(at=now) == new
    assert Job.objects.count() == 1
    work()
    assert keys.rotate_keys(at=now) == new
    work()
    assert Event.objects.filter(name="members.keys.rotated").count() == 1
    assert Event.objects.filter(name="members.keys.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_work_for_one_practice_leaves_the_others_alone(
    owner: Membership, stranger: Membership, now: datetime
) -> None:
    people(owner, ["Ada Quill"], now)
    people(stranger, ["Eve North"], now)
    new = keys.rotate_keys(at=now)
    assert rotation.remaining(owner.practice, encryption.keyring().primary) == 1
    assert runner.run_next(now=clock, only=Job.objects.get(practice=owner.practice).pk)
    mine, other = (key_id_of(value) for value in raw())
    assert mine == new != other


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_while_they_are_sealed_again(owner: Membership, now: datetime) -> None:
    """Else a change by someone at work could be written over with the words from before."""
    people(owner, ["Ada Quill"], now)
    keys.rotate_keys(at=now)
    with CaptureQueriesContext(connection) as asked:
        rotation.seal_again(Person, practice=owner.practice, after=None)
    first = asked.captured_queries[0]["sql"]
    assert first.startswith("BEGIN")
    # SQLite has one lock for all; PostgreSQL locks the rows.
    assert ("IMMEDIATE" in first) is (connection.vendor == "sqlite")
    assert ("FOR UPDATE" in asked.captured_queries[1]["sql"]) is connection.features.has_select_for_update


class Killed(BaseException):
    """Stands for a process that ends at this line."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("line", range(1, 9))
def test_stopped_at_any_row_every_row_stays_readable(
    line: int, owner: Membership, now: datetime, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(owner, NAMES, now)
    new = keys.rotate_keys(at=now)
    _kill_at(line, monkeypatch)
    with pytest.raises(Killed):
        work()
    assert names() == NAMES
    monkeypatch.undo()
    work()
    assert names() == NAMES
    assert {key_id_of(value) for value in raw()} == {new}
    assert Event.objects.filter(name="members.keys.rotated").count() == 1


def _kill_at(line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """End at one of eight places: after each of the five rows, after the first batches, before the last record."""
    seal_row, seal_again, count = rotation._seal_row, rotation.seal_again, {"row": 0, "batch": 0}

    def row(*args: Any) -> bool:
        done = seal_row(*args)
        count["row"] += 1
        if count["row"] == line:
            raise Killed
        return done

    def batch(*args: Any, **kwargs: Any) -> rotation.Batch:
        done = seal_again(*args, **kwargs)
        count["batch"] += done.sealed > 0
        if count["batch"] == line - 5:
            raise Killed
        return done

    def note(**kwargs: Any) -> None:
        raise Killed

    if line <= 5:
        monkeypatch.setattr(rotation, "_seal_row", row)
    elif line <= 7:
        monkeypatch.setattr(rotation, "seal_again", batch)
    else:
        monkeypatch.setattr(keys, "note_rotated", note)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_cannot_be_read_keeps_the_old_key(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill", "Bea Long", "Cy Moor"], now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_person SET name = phone, phone = name WHERE email IS NOT NULL AND id = %s",
                       [Person.objects.order_by("pk").values_list("pk", flat=True)[1]])  # fmt: skip
    new = keys.rotate_keys(at=now)
    work()
    job = Job.objects.get()
    assert (job.state, job.error_sentence[:24]) == (State.FAILED, "1 encrypted rows could n")
    assert rotation.usage()[new] == 4
    with pytest.raises(KeyringError, match="Older keys still hold 2"):
        keys.finish_rotation(at=now + timedelta(hours=1))
    assert len(key_file.read(key_path).keys) == 2
    assert not Event.objects.filter(name="members.keys.rotated").exists()


@pytest.mark.django_db(transaction=True)
def test_a_machine_without_the_new_key_says_so(owner: Membership, now: datetime, key_path: Path) -> None:
    people(owner, ["Ada Quill"], now)
    before = key_path.read_text()
    keys.rotate_keys(at=now)
    key_path.write_text(before)
    work()
    assert "lacks the new key" in Job.objects.get().error_sentence
    assert names() == ["Ada Quill"]


KILLED = """
import os, signal, sys, django
django.setup()
from django.utils import timezone
from doorframe.apps.clients.models import Client, Person
from doorframe.apps.jobs import runner
from doorframe.apps.members import rotation, seed
from doorframe.apps.members.actions import keys
now = timezone.now()
owner, _ = seed.seed(password="a long demo password", at=now)
client = Client.objects.create(practice=owner.practice, code="C-1x", clinician=owner, created_at=now, changed_at=now)
for number in range(30):
    Person.objects.create(practice=owner.practice, client=client, name=f"Quill {number}")
keys.rotate_keys(at=now)
rotation.BATCH, seen, seal_row = 7, [], rotation._seal_row
def row(*args):
    seen.append(seal_row(*args))
    if len(seen) == 17:
        os.kill(os.getpid(), signal.SIGKILL)
    return True
rotation._seal_row = row
runner.run_next(now=timezone.now)
"""
AFTER = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from doorframe.apps.clients.models import Person
from doorframe.apps.jobs import runner
from doorframe.apps.members import rotation
from doorframe.apps.members.actions import keys
from doorframe.apps.trail.models import Event
quills = lambda: sorted(p.name for p in Person.objects.all() if p.name.startswith("Quill "))
wanted = sorted(f"Quill {number}" for number in range(30))
assert quills() == wanted
used = rotation.usage()
assert len(used) == 2 and 14 in used.values(), used
later = timezone.now() + timedelta(hours=1)
runner.reclaim(at=later)
while runner.run_next(now=lambda: later + timedelta(hours=1)): pass
assert quills() == wanted and len(rotation.usage()) == 1
assert keys.finish_rotation(at=later) == 1
assert quills() == wanted
assert Event.objects.filter(name="members.keys.rotated").count() == 1
"""


def test_a_worker_killed_for_real_loses_nothing(tmp_path: Path) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
    environ |= {"DOORFRAME_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "doorframe.web.settings"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=environ, capture_output=True, text=True, timeout=120, check=False
        )

    assert run("-m", "doorframe.web.admin_cli", "migrate", "--verbosity=0").returncode == 0
    killed = run("-c", KILLED)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = run("-c", AFTER)
    assert after.returncode == 0, after.stderr
    dump = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("doorframe.sqlite3*"))
    assert b"Quill" not in dump
    secrets = [key.secret for key in key_file.read(tmp_path / "data" / "field-keys.json").keys.values()]
    assert not any(secret in dump for secret in secrets)


# --- the command


@pytest.fixture
def say(db: None) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("keys", *arguments, stdout=out)
        return out.getvalue()

    return run


def test_the_command_shows_each_key_but_never_the_key_itself(
    say: Callable[..., str], owner: Membership, now: datetime, key_path: Path
) -> None:
    people(owner, ["Ada Quill"], now)
    old = encryption.keyring().primary
    assert f"{old.id}  2 values" in say("list")
    assert "A worker encrypts" in say("rotate")
    listed = say("list", "--json")
    assert '"primary": true' in listed and '"values": 2' in listed
    for key in key_file.read(key_path).keys.values():
        assert key.secret.hex() not in listed
    with pytest.raises(CommandError, match="minutes old"):
        say("finish")


def test_the_command_names_a_key_that_is_missing(
    say: Callable[..., str], owner: Membership, now: datetime, key_path: Path
) -> None:
    people(owner, ["Ada Quill"], now)
    key_file.replace(key_path, Keyring.of(new_key(now)))
    with pytest.raises(CommandError, match="missing"):
        say("list")


def test_finishing_where_nothing_was_begun(say: Callable[..., str]) -> None:
    assert say("finish") == "0 older keys were forgotten.\n"
