"""One file out, the same installation back: on either database, with every kind of value, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import timezone

from doorframe.adapters import envelope
from doorframe.apps.jobs.models import Job
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership, Practice, User
from doorframe.apps.policies.models import Version
from doorframe.apps.trail import actions as trail_actions
from doorframe.apps.trail import guards, testing
from doorframe.apps.trail.models import Event, Head
from doorframe.apps.trail.queries import verify
from doorframe.web.backup import archive, folder, make, passphrase, restore, scan, snapshot, tables, writing
from doorframe.web.backup.errors import BackupError, NotEmpty

WORDS = "a long enough passphrase"
HOSTILE = "O'Brien; DROP TABLE--\t\r\n\x01\u2028\u202e<script>{{ x }}</script> %s %(a)s \\ \" 🙂 é e\u0301 \ufeff"
NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing may be cheap here."""
    monkeypatch.setattr(envelope, "COST", 2**4)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test alone."""
    place = tmp_path / "data"
    place.mkdir()
    use_folder(settings, place)
    return place


def use_folder(settings: Any, place: Path, **values: Any) -> None:
    settings.DATA = place
    settings.FIELD_KEYS_FILE = place / "field-keys.json"
    unset = {
        "DOORFRAME_FIELD_KEYS": None,
        "DOORFRAME_CONTENT": None,
        "DOORFRAME_SECRET_KEY": "",
        "DOORFRAME_DATA": place,
    }
    settings.ENV = replace(settings.ENV, values={**settings.ENV.values, **unset, **values})


@pytest.fixture
def two_practices() -> list[Membership]:
    """Two practices with records of their own, and one that is gone."""
    owners = [
        create_practice(name=name, owner_email=email, owner_name=person, password=None, at=NOW)
        for name, email, person in (
            ("Harbour Lane", "imani@a.example", "Dr Imani Cole"),
            (HOSTILE[:60].replace("\r\n", ""), "jo@b.example", "Jo Reyes"),
        )
    ]
    for number in range(5):
        for owner in owners:
            with transaction.atomic():
                trail_actions.record(
                    "policies.version.saved", practice=owner.practice, actor=owner, subject=owner,
                    at=NOW + timedelta(microseconds=number),
                    data={"words": [HOSTILE.replace("\ufeff", ""), None, True, 2**53 - 1], "nested": {"é": {}}},
                )  # fmt: skip
    return owners


def empty() -> None:
    """As after installing: tables without a row."""
    call_command("flush", verbosity=0, interactive=False)


def rows() -> dict[str, list[bytes]]:
    """Every row of every table, as the file tells them."""
    with snapshot.snapshot() as seen:
        return {
            model._meta.label_lower: list(tables.lines(tables.table_of(model, seen), model, seen))
            for model in tables.kept_models()
        }


def backed_up(path: Path) -> make.Made:
    return make.backup(path, passphrase=WORDS, at=NOW)


# --- there and back


@pytest.mark.promise("L5")
def test_everything_comes_back_as_it_was(
    tmp_path: Path, data: Path, settings: Any, two_practices: list[Membership]
) -> None:
    (data / "secret.key").write_text("s" * 50)
    (data / "field-keys.json").write_text('{"keys": "first"}')
    (data / "seal.p12").write_bytes(bytes(range(256)))
    (data / "files/a/é 🙂").mkdir(parents=True)
    (data / "files/a/é 🙂/paper.pdf").write_bytes(os.urandom(3 * 1024 * 1024))
    (data / "files/empty").touch()
    before, kept = rows(), {name: path.read_bytes() for name, path in folder.files(data)}
    made = backed_up(tmp_path / "all.backup")
    assert made.rows == sum(map(len, before.values())) > 20
    assert (made.files, made.tables) == (5, len(before))

    empty()
    use_folder(settings, tmp_path / "new")
    done = restore.restore(tmp_path / "all.backup", passphrase=WORDS)
    assert rows() == before
    assert {name: path.read_bytes() for name, path in folder.files(tmp_path / "new")} == kept
    assert (done.practices, done.aside) == (2, ())
    for practice in Practice.objects.all():
        assert verify(practice).is_whole
    with pytest.raises(Exception, match="trail: events are never"), transaction.atomic():
        Event.objects.update(name="x.y.z")


def test_life_goes_on_after_a_restore(tmp_path: Path, two_practices: list[Membership]) -> None:
    """New rows get numbers that nothing ever had, not even what was deleted before the backup."""
    gone = User.objects.create(email="gone@a.example", display_name="Gone")
    number = gone.pk
    gone.delete()
    backed_up(tmp_path / "x")
    empty()
    restore.restore(tmp_path / "x", passphrase=WORDS)
    assert User.objects.create(email="new@a.example", display_name="New").pk == number + 1
    owner = Membership.objects.first()
    assert owner
    with transaction.atomic():
        trail_actions.record("x.y.z", practice=owner.practice, actor=owner, subject=owner, at=NOW)
    assert verify(owner.practice).is_whole


def test_an_empty_installation_can_be_backed_up_too(tmp_path: Path) -> None:
    assert backed_up(tmp_path / "x").rows == 0
    restore.restore(tmp_path / "x", passphrase=WORDS)
    assert not Practice.objects.exists()


# --- every kind of value


def everything() -> type[models.Model]:
    class Everything(models.Model):
        id = models.UUIDField(primary_key=True)
        parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
        short = models.CharField(max_length=200)
        long = models.TextField()
        address = models.EmailField()
        slug = models.SlugField()
        file = models.FileField()
        whole = models.BigIntegerField()
        small = models.PositiveSmallIntegerField()
        yes = models.BooleanField()
        maybe = models.BooleanField(null=True)
        day = models.DateField()
        moment = models.DateTimeField()
        hour = models.TimeField()
        span = models.DurationField()
        money = models.DecimalField(max_digits=12, decimal_places=4)
        broken = models.FloatField()
        bytes = models.BinaryField()
        json = models.JSONField(null=True)
        ip = models.GenericIPAddressField()

        class Meta:
            app_label = "members"
            ordering = ("id",)

    return Everything


def test_every_kind_of_value_comes_back_exactly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with isolate_apps("doorframe.apps.members"):
        model = everything()
    usual = {
        "short": HOSTILE, "long": HOSTILE * 500, "address": "é@x.example", "slug": "a-b", "file": "files/é",
        "whole": -(2**63), "small": 32767, "yes": True, "maybe": None, "day": date(1, 1, 2),
        "moment": datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC), "hour": time(23, 59, 59, 1),
        "span": timedelta(days=-3, microseconds=7), "money": Decimal("-12345678.0001"), "broken": 0.1 + 0.2,
        "bytes": bytes(range(256)) * 10, "ip": "::1",
        "json": {"a": [1, 2.5, 1e-7, HOSTILE, None, {"é": []}], "big": 2**70},
    }  # fmt: skip
    other = {**usual, "whole": 2**63 - 1, "maybe": False, "yes": False, "moment": datetime(1969, 1, 1, tzinfo=UTC),
             "span": timedelta(days=40_000, seconds=1), "broken": -5e-324, "bytes": b"", "json": None, "long": "",
             "ip": "192.0.2.1"}  # fmt: skip
    first = uuid.UUID(int=2**127 + 5)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    try:
        model._default_manager.create(id=first, **usual)
        model._default_manager.create(id=uuid.UUID(int=1), parent_id=first, **other)
        model._default_manager.create(id=uuid.UUID(int=2), **{**usual, "json": models.Value(None, models.JSONField())})
        table = tables.table_of(model, connection)
        assert table.last_number is None
        with snapshot.snapshot() as seen:
            lines = list(tables.lines(table, model, seen))
        before = list(model._default_manager.values())
        assert [row["json"] for row in before if row["id"] == first] == [usual["json"]]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        monkeypatch.setattr(tables, "kept_models", lambda: [model])
        with transaction.atomic():
            described = tables.Table.from_json(json.loads(json.dumps(table.as_json())))
            writing.Loader(connection).take(described, (json.loads(line) for line in lines))
        assert list(model._default_manager.values()) == before
        with snapshot.snapshot() as seen:
            assert list(tables.lines(table, model, seen)) == lines
        assert model._default_manager.filter(json=models.Value(None, models.JSONField())).count() == 1
        assert model._default_manager.filter(json__isnull=True).count() == 1
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(model)


def test_a_field_of_an_unknown_kind_is_named() -> None:
    class Strange(models.Field):  # type: ignore[type-arg]
        def get_internal_type(self) -> str:
            return "Strange"

    with isolate_apps("doorframe.apps.members"):

        class Holder(models.Model):
            odd = Strange()

            class Meta:
                app_label = "members"

    with pytest.raises(BackupError, match=r"members.Holder.odd is a Strange"):
        tables.table_of(Holder, connection)


def test_encrypted_columns_travel_encrypted(tmp_path: Path, data: Path) -> None:
    """Neither making nor reading a backup ever needs the keys of the fields."""
    for model in tables.kept_models():
        for column in tables.table_of(model, connection).columns:
            field = next(found for found in model._meta.local_concrete_fields if found.column == column.name)
            if type(field).__module__ == "doorframe.apps.members.encryption":
                assert column.kind == "BinaryField"
                return
    pytest.fail("there is no encrypted column")


# --- what is in it


def test_every_model_is_in_or_left_out_for_a_reason() -> None:
    every = set(apps.get_models(include_auto_created=True))
    kept = set(tables.kept_models())
    left = {model for model in every if tables.is_left_out(model)}
    assert kept | left == {model for model in every if model._meta.managed and not model._meta.proxy}
    names = {model._meta.app_label for model in left} | {model._meta.label_lower for model in left}
    assert set(tables.LEFT_OUT) <= names, "a reason for something that is not there"
    assert all(len(reason) > 20 for reason in tables.LEFT_OUT.values())
    assert {"members.practice", "trail.event", "mfa.authenticator"} <= {model._meta.label_lower for model in kept}


def test_sign_ins_stay_behind(tmp_path: Path, data: Path, two_practices: list[Membership], client: Any) -> None:
    client.force_login(two_practices[0].user)
    key = client.session.session_key
    backed_up(tmp_path / "x")
    assert key.encode() not in decrypted(tmp_path / "x")


def test_what_is_unfinished_or_nobody_needs_stays_behind(tmp_path: Path, data: Path) -> None:
    kept = {"secret.key", "files/a.pdf", "files/outbox/letter"}
    left = {"outbox/1.log", "setup-code.txt", "last-backup.json", "doorframe.sqlite3", "doorframe.sqlite3-wal",
            "files/b.pdf.part", "secret.key.123-0a1b2c3d", "restoring.part/files/x", "x.before-restore"}  # fmt: skip
    for name in kept | left:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    backed_up(data / "old.backup")
    backed_up(data / "new.backup")
    found = [name for name in members(data / "new.backup") if name.startswith("files/")]
    assert set(found) == {f"files/{name}" for name in kept}


def test_what_settings_name_elsewhere_is_in_it(tmp_path: Path, data: Path, settings: Any) -> None:
    (tmp_path / "own/policy").mkdir(parents=True)
    (tmp_path / "own/policy/pack.toml").write_text("x = 1")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/ring.json").write_text("{}")
    use_folder(settings, data, DOORFRAME_CONTENT=tmp_path / "own", DOORFRAME_FIELD_KEYS=tmp_path / "keys/ring.json",
               DOORFRAME_SMTP_PASSWORD="hunter2hunter2")  # fmt: skip
    settings.FIELD_KEYS_FILE = tmp_path / "keys/ring.json"
    backed_up(tmp_path / "x")
    assert b"hunter2" not in decrypted(tmp_path / "x")
    assert scan.prove((tmp_path / "x").open("rb"), WORDS).about["outside"] == ["DOORFRAME_SMTP_PASSWORD"]
    use_folder(settings, tmp_path / "new")
    restore.restore(tmp_path / "x", passphrase=WORDS)
    assert (tmp_path / "new/field-keys.json").read_text() == "{}"
    assert (tmp_path / "new/restored/DOORFRAME_CONTENT/policy/pack.toml").read_text() == "x = 1"


def test_a_folder_that_is_a_link_is_followed_once(tmp_path: Path, data: Path) -> None:
    (tmp_path / "big").mkdir()
    (tmp_path / "big/a.pdf").write_text("x")
    (data / "files").symlink_to(tmp_path / "big")
    (tmp_path / "big/loop").symlink_to(data / "files")
    assert [name for name, _ in folder.files(data)] == ["files/a.pdf"]


# --- one moment, while everybody goes on


def test_what_is_written_meanwhile_is_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, two_practices: list[Membership]
) -> None:
    """A writer gets through while the backup reads, and the backup stays whole."""
    original = tables.lines

    def while_others_write(table: tables.Table, model: Any, seen: Any) -> Iterator[bytes]:
        owner = two_practices[0]
        with transaction.atomic():
            trail_actions.record("x.y.z", practice=owner.practice, actor=owner, subject=owner, at=NOW)
        yield from original(table, model, seen)

    before = rows()
    monkeypatch.setattr(tables, "lines", while_others_write)
    backed_up(tmp_path / "x")
    monkeypatch.undo()
    monkeypatch.setattr(envelope, "COST", 2**4)
    assert len(rows()["trail.event"]) > len(before["trail.event"])
    empty()
    restore.restore(tmp_path / "x", passphrase=WORDS)
    assert rows() == before


# --- refusals before anything is touched


def test_it_goes_only_into_an_empty_installation(tmp_path: Path, data: Path, two_practices: list[Membership]) -> None:
    backed_up(tmp_path / "x")
    (data / "secret.key").write_text("mine")
    before = rows()
    with pytest.raises(NotEmpty, match="a practice in this database already"):
        restore.restore(tmp_path / "x", passphrase=WORDS)
    assert rows() == before
    assert (data / "secret.key").read_text() == "mine"


def test_anything_at_all_is_not_empty(tmp_path: Path) -> None:
    backed_up(tmp_path / "x")
    User.objects.create(email="a@a.example")
    with pytest.raises(NotEmpty):
        restore.restore(tmp_path / "x", passphrase=WORDS)


def test_other_files_that_are_there_are_kept_beside(tmp_path: Path, data: Path, settings: Any) -> None:
    (data / "field-keys.json").write_text("old")
    backed_up(tmp_path / "x")
    use_folder(settings, tmp_path / "new")
    (tmp_path / "new").mkdir()
    (tmp_path / "new/field-keys.json").write_text("another")
    done = restore.restore(tmp_path / "x", passphrase=WORDS)
    assert done.aside == (tmp_path / "new/field-keys.json.before-restore",)
    assert done.aside[0].read_text() == "another"
    assert (tmp_path / "new/field-keys.json").read_text() == "old"


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path, data: Path, two_practices: list[Membership]) -> None:
    backed_up(tmp_path / "x")
    empty()
    for attempt in (restore.verify, restore.restore):
        with pytest.raises(BackupError, match="passphrase does not open"):
            attempt(tmp_path / "x", passphrase="another one altogether")
    assert not Practice.objects.exists()


Change = Callable[[str, bytes], tuple[str, bytes] | None]


def altered(tmp_path: Path, change: Change, *, summed: bool) -> Path:
    """A backup that somebody who knows the passphrase has rewritten, member by member; with new sums if `summed`."""
    with tarfile.open(fileobj=io.BytesIO(decrypted(tmp_path / "x"))) as old:
        sources = [(member.name, old.extractfile(member)) for member in old]
        changed = [change(name, source.read()) for name, source in sources if source]
    parts = [part for part in changed if part]
    if summed:
        parts[-1] = archive.MANIFEST, summed_again(parts)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as new:
        for name, data in parts:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    with (tmp_path / "y").open("wb") as file:
        writer = envelope.Writer(file, WORDS)
        writer.write(gzip.compress(out.getvalue()))
        writer.finish()
    return tmp_path / "y"


def summed_again(parts: list[tuple[str, bytes]]) -> bytes:
    """The list of contents that fits these parts; the files are not touched."""
    manifest = json.loads(parts[-1][1])
    manifest["about_sha256"] = hashlib.sha256(parts[0][1]).hexdigest()
    for label in manifest["tables"]:
        data = b"".join(part for name, part in parts if name.startswith(f"tables/{label}/"))
        total = {"count": data.count(b"\n"), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        manifest["tables"][label] = total
    return json.dumps(manifest).encode()


def about(**changes: Any) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (
        name,
        json.dumps({**json.loads(data), **changes}).encode() if name == archive.ABOUT else data,
    )


UNNOTICED = [
    (about(content_format=2), "a form that .* cannot read"),
    (about(migrations=[["members", "9999_later"]]), r"tables this version does not know \(members.9999_later\)"),
    (about(tables=[]), "does not belong there"),
    (about(version="0.0.0"), "its about_sha256 are not"),
    (lambda n, d: None if n == archive.MANIFEST else (n, d), "list of contents is missing"),
    (lambda n, d: None if n == archive.ABOUT else (n, d), "does not begin with"),
    (lambda n, d: None if "trail.event" in n else (n, d), "its tables are not what its list says"),
    (lambda n, d: (n, d + d if "members.user" in n else d), "its tables are not what its list says"),
    (lambda n, d: (n, b"{}\n" if "members.user" in n else d), "is no list"),
    (lambda n, d: (n, b"[[[\n" if "members.user" in n else d), "make no sense"),
    (lambda n, d: (n.replace("000001", "000002"), d), "does not belong there"),
    (lambda n, d: (n.replace("files/secret.key", "files/../../evil"), d), "does not belong there"),
    (lambda n, d: (n.replace("files/secret.key", "files//etc/evil"), d), "does not belong there"),
    (lambda n, d: (n.replace("files/secret.key", "named/../evil"), d), "does not belong there"),
    (lambda n, d: (n, b"other" if n == "files/secret.key" else d), "its files are not what its list says"),
]
SUMMED_AGAIN = [
    (about(heads={}), "heads of its trail are not those"),
    (lambda n, d: None if "trail.event" in n else (n, d), "trail of practice .* is missing"),
    (lambda n, d: (n, d.replace(b"version.saved", b"version.moved")), "was altered after it was written"),
    (lambda n, d: (n, d.split(b"\n", 1)[1] if "trail.event" in n else d), "record 1 is missing"),
    (lambda n, d: (n, d[: d[:-1].rindex(b"\n") + 1] if "trail.event" in n else d), "chain ends at record"),
]


@pytest.mark.promise("L5")
@pytest.mark.parametrize(
    ("summed", "change", "says"),
    [(False, *case) for case in UNNOTICED] + [(True, *case) for case in SUMMED_AGAIN],
    ids=range(len(UNNOTICED) + len(SUMMED_AGAIN)),
)
def test_a_backup_that_was_rewritten_is_refused(
    tmp_path: Path, data: Path, two_practices: list[Membership], summed: bool, change: Change, says: str
) -> None:
    (data / "secret.key").write_text("s" * 50)
    backed_up(tmp_path / "x")
    empty()
    false = altered(tmp_path, change, summed=summed)
    for attempt in (restore.verify, restore.restore):
        with pytest.raises(BackupError, match=says):
            attempt(false, passphrase=WORDS)
    assert not Practice.objects.exists()
    assert (data / "secret.key").read_text() == "s" * 50
    assert not (tmp_path / "evil").exists()


def test_a_trail_that_was_broken_before_the_backup_is_told_at_once(
    tmp_path: Path, two_practices: list[Membership]
) -> None:
    """No one should learn years later that all backups held a broken trail."""
    backed_up(tmp_path / "x")
    good = (tmp_path / "x").read_bytes()
    with testing.unguarded():
        Event.objects.filter(seq=3).update(name="x.y.z")
    with pytest.raises(BackupError, match="record 3 was altered"):
        backed_up(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "x"]


def test_rows_that_do_not_fit_leave_nothing(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, two_practices: list[Membership]
) -> None:
    (data / "field-keys.json").write_text("keys")
    backed_up(tmp_path / "x")
    empty()
    (data / "field-keys.json").unlink()

    def broken(self: Any, about: Any, manifest: Any) -> None:
        Head.objects.update(seq=99)

    monkeypatch.setattr(writing.Loader, "finish", broken)
    with pytest.raises(BackupError, match="Nothing was kept of it"):
        restore.restore(tmp_path / "x", passphrase=WORDS)
    assert not Practice.objects.exists() and not Event.objects.exists()
    assert list(data.iterdir()) == [data / "last-backup.json"]
    assert guards.are_installed(connection)


# --- an older backup


def older(name: str, data: bytes) -> tuple[str, bytes] | None:
    """As if it had been made before a column of the policies and the room for mail were there."""
    if name.startswith("tables/mail."):
        return None
    if name == archive.ABOUT:
        about = json.loads(data)
        about["migrations"] = [
            each for each in about["migrations"] if each[0] != "mail" and each != ["policies", "0003_furthest"]
        ]
        about["tables"] = [each for each in about["tables"] if not each["label"].startswith("mail.")]
        for each in about["tables"]:
            each["columns"] = [column for column in each["columns"] if column["name"] != "furthest"]
        return name, json.dumps(about).encode()
    if name.startswith("tables/policies.version/"):
        place = [field.column for field in Version._meta.local_concrete_fields].index("furthest")
        lines = [json.loads(line) for line in data.splitlines()]
        return name, b"".join(json.dumps(line[:place] + line[place + 1 :]).encode() + b"\n" for line in lines)
    if name == archive.MANIFEST:
        manifest = json.loads(data)
        for label in [label for label in manifest["tables"] if label.startswith("mail.")]:
            del manifest["tables"][label]
        return name, json.dumps(manifest).encode()
    return name, data


@pytest.fixture
def old_backup(tmp_path: Path, data: Path, two_practices: list[Membership]) -> Path:
    owner = two_practices[0]
    Version.objects.create(
        practice=owner.practice, author=owner, title=HOSTILE, created_at=NOW, changed_at=NOW, furthest=7
    )
    backed_up(tmp_path / "x")
    empty()
    return altered(tmp_path, older, summed=True)


@pytest.mark.promise("L5")
def test_an_older_backup_grows_into_the_tables_of_today(tmp_path: Path, old_backup: Path) -> None:
    there = {"DOORFRAME_DATA": str(tmp_path / "there"), "DOORFRAME_BACKUP_PASSPHRASE": WORDS}
    with another_database(tmp_path) as address:
        if address:
            there["DOORFRAME_DATABASE_URL"] = address
        proved = run("restore", "--verify", str(old_backup), **there)
        assert proved.returncode == 0, proved.stderr
        done = run("restore", str(old_backup), **there)
        assert done.returncode == 0, done.stderr
        assert "Practices whose trail holds: 2." in done.stdout
        assert run("migrate", "--check", **there).returncode == 0
        assert run("trail", "verify", **there).returncode == 0
        made = run("backup", str(tmp_path / "z"), **there)
        assert made.returncode == 0, made.stderr
    place = [field.column for field in Version._meta.local_concrete_fields].index("furthest")
    with (tmp_path / "z").open("rb") as file:
        kept: list[Any] = []
        scan.scan(file, WORDS, begin=lambda _: None, take_rows=lambda table, rows: kept.extend(
            row for row in rows if table.label == "policies.version"))  # fmt: skip
    assert [row[place] for row in kept] == [0]
    assert HOSTILE in kept[0]


@contextmanager
def another_database(tmp_path: Path) -> Iterator[str]:
    """An empty database of the kind that this run tests; "" for the embedded one, which a folder makes."""
    if connection.vendor != "postgresql":
        yield ""
        return
    used = connection.settings_dict
    name = f"doorframe_older_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    word = f":{quote(used['PASSWORD'], safe='')}" if used["PASSWORD"] else ""
    try:
        yield f"postgresql://{quote(used['USER'], safe='')}{word}@{used['HOST']}:{used['PORT'] or 5432}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_older_backup_goes_into_no_newer_tables(tmp_path: Path, old_backup: Path) -> None:
    with pytest.raises(NotEmpty, match="no tables yet"):
        restore.restore(old_backup, passphrase=WORDS)
    assert not Practice.objects.exists()


@pytest.mark.parametrize("name", ['x"; DROP TABLE members_user --', "", "a b", "é"])
def test_no_name_from_a_file_reaches_the_database_unseen(name: str) -> None:
    told = {
        "label": "x.y",
        "table": "x",
        "key": "id",
        "last_number": None,
        "columns": [{"name": "id", "kind": "UUIDField"}],
    }
    assert tables.Table.from_json(told).name == "x"
    column = {"columns": [{"name": name, "kind": "UUIDField"}]}
    for change in ({"table": name}, {"key": name}, column):
        with pytest.raises(BackupError, match="strange way"):
            tables.Table.from_json({**told, **change})


# --- the commands


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
    command = [sys.executable, "-m", "doorframe.web.admin_cli", *arguments]
    return subprocess.run(
        command, env={**kept, **environ}, capture_output=True, text=True, input="a long pass word 99\n", timeout=300
    )


@pytest.mark.promise("L5")
@pytest.mark.promise("L4")
def test_from_the_embedded_database_into_this_one(tmp_path: Path, data: Path) -> None:
    """Where the suite runs on PostgreSQL, this is the move from SQLite to it."""
    there = {"DOORFRAME_DATA": str(tmp_path / "there"), "DOORFRAME_BACKUP_PASSPHRASE": WORDS}
    assert run("migrate", "-v0", **there).returncode == 0
    opened = run(
        "practice",
        "create",
        "--name",
        "Harbour Lane",
        "--owner-email",
        "i@a.example",
        "--owner-name",
        HOSTILE[:20],
        **there,
    )
    assert opened.returncode == 0, opened.stderr
    made = run("backup", str(tmp_path / "x"), **there)
    assert made.returncode == 0, made.stderr
    assert "It was read back and is whole." in made.stdout
    done = restore.restore(tmp_path / "x", passphrase=WORDS)
    assert (done.found.about["database"], done.practices) == ("sqlite", 1)
    assert User.objects.get().check_password("a long pass word 99")

    # And back again.
    backed_up(tmp_path / "back")
    again = {"DOORFRAME_DATA": str(tmp_path / "again"), "DOORFRAME_BACKUP_PASSPHRASE": WORDS}
    restored = run("restore", str(tmp_path / "back"), **again)
    assert restored.returncode == 0, restored.stderr
    proved = run("trail", "verify", **again)
    assert proved.returncode == 0 and "whole" in proved.stdout
    refused = run("restore", str(tmp_path / "back"), **again)
    assert refused.returncode == 2
    assert "a practice in this database already" in refused.stderr and "Traceback" not in refused.stderr


def test_the_commands_say_what_they_did(
    tmp_path: Path, data: Path, settings: Any, two_practices: list[Membership], capsys: Any
) -> None:
    secret = tmp_path / "words"
    secret.write_text(WORDS + "\n")
    call_command("backup", str(tmp_path / "x"), passphrase_file=str(secret))
    assert "rows of" in capsys.readouterr().out
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600
    call_command("restore", str(tmp_path / "x"), verify=True, passphrase_file=str(secret))
    said = capsys.readouterr().out
    assert "is whole" in said and "Nothing was changed" in said
    for practice in Practice.objects.all():
        assert f"{practice.uid} holds: {verify(practice).events} records, head {verify(practice).head_hash}" in said


def test_work_that_waited_is_spoken_of(
    tmp_path: Path, two_practices: list[Membership], capsys: Any, settings: Any
) -> None:
    Job.objects.create(
        practice=two_practices[0].practice, name="a.b.c", run_at=timezone.now(), created_at=timezone.now()
    )
    backed_up(tmp_path / "x")
    empty()
    use_folder(settings, settings.DATA, DOORFRAME_BACKUP_PASSPHRASE=WORDS)
    call_command("restore", str(tmp_path / "x"))
    assert "Work that waited when the backup was made: 1." in capsys.readouterr().out


def test_a_generated_passphrase_is_shown_once_and_works(tmp_path: Path, capsys: Any) -> None:
    call_command("backup", str(tmp_path / "x"), generate=True)
    words = capsys.readouterr().out.splitlines()[-1]
    assert len(words) == 35 and words != passphrase.generate()
    assert restore.verify(tmp_path / "x", passphrase=words).rows == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [("short", "too short"), ("", "is empty"), (None, "cannot be read")],
    ids=["short", "empty", "missing"],
)
def test_a_passphrase_that_is_none(tmp_path: Path, capsys: Any, words: str | None, says: str) -> None:
    if words is not None:
        (tmp_path / "words").write_text(words)
    with pytest.raises(SystemExit) as end:
        call_command("backup", str(tmp_path / "x"), passphrase_file=str(tmp_path / "words"))
    assert end.value.code == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_nobody_to_ask(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    use_folder(settings, settings.DATA, DOORFRAME_BACKUP_PASSPHRASE="")
    with pytest.raises(SystemExit):
        call_command("backup", str(tmp_path / "x"))
    assert "nobody to ask" in capsys.readouterr().err


def test_typed_twice_and_not_the_same(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    typed = iter(["first words here", "other words here"])
    use_folder(settings, settings.DATA, DOORFRAME_BACKUP_PASSPHRASE="")
    monkeypatch.setattr(passphrase, "_check_terminal", lambda: None)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    with pytest.raises(SystemExit):
        call_command("backup", str(tmp_path / "x"))
    assert "not the same" in capsys.readouterr().err


def test_the_last_good_backup_is_remembered(tmp_path: Path, data: Path) -> None:
    assert make.last_backup() is None
    backed_up(tmp_path / "x")
    assert make.last_backup() == NOW.replace(microsecond=0)
    (data / folder.LAST_BACKUP).write_text("{}")
    assert make.last_backup() is None


def test_it_opens_without_doorframe(tmp_path: Path, data: Path) -> None:
    """The program that the documentation shows does what it says there."""
    (data / "a.txt").write_text("kept")
    backed_up(tmp_path / "x")
    page = (Path(__file__).resolve().parents[2] / "docs/explanation/backup.md").read_text(encoding="utf-8")
    program = re.findall(r"^```\n(import .*?)^```", page, re.MULTILINE | re.DOTALL)[-1]
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "x"), WORDS], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == decrypted(tmp_path / "x", raw=True)
    assert "files/a.txt" in members(tmp_path / "x")


# --- helpers


def decrypted(path: Path, *, raw: bool = False) -> bytes:
    """What is inside the envelope, still compressed if `raw`."""
    with path.open("rb") as file:
        inside = envelope.Reader(file, WORDS).readall()
    return inside if raw else gzip.decompress(inside)


def members(path: Path) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(decrypted(path))) as tar:
        return tar.getnames()
