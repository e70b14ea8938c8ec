"""A backup or a restore that dies, a disk that fills, two at once: the old file stays, and nothing is half there."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from doorframe.adapters import envelope
from doorframe.adapters.envelope import CHUNK_BYTES, MAGIC, TAG_BYTES
from doorframe.web.backup import archive, make, restore
from doorframe.web.backup.errors import BackupError
from tests.web.test_backup import WORDS, backed_up, use_folder

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "doorframe.web.settings"
import django
django.setup()
from django.utils import timezone
from doorframe.adapters import envelope
from doorframe.web.backup import archive, make, restore, schema, writing
envelope.COST = 2 ** 4
where, what, path = sys.argv[1:]
module, _, name = where.rpartition(":")
owner = {"os": os, "archive": archive.Writer, "make": make, "loader": writing.Loader, "restore": restore,
         "schema": schema}[module]
original = getattr(owner, name)
def die(*arguments, **named):
    if "after" in os.environ.get("WHEN", ""):
        original(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
from pathlib import Path
words = os.environ["DOORFRAME_BACKUP_PASSPHRASE"]
if what == "backup":
    make.backup(Path(path), passphrase=words, at=timezone.now())
else:
    restore.restore(Path(path), passphrase=words)
"""


def environ(data: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
    return {**kept, "DOORFRAME_DATA": str(data), "DOORFRAME_BACKUP_PASSPHRASE": WORDS, **more}


def admin(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "doorframe.web.admin_cli", *arguments]
    words = "a long pass word 99\n"
    return subprocess.run(command, env=environ(data), capture_output=True, text=True, input=words, timeout=300)


def killed(data: Path, where: str, what: str, path: Path, when: str = "") -> None:
    """Run it and let it be killed at this place."""
    command = [sys.executable, "-c", KILLED, where, what, str(path)]
    done = subprocess.run(command, env=environ(data, WHEN=when), capture_output=True, text=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real one, with a practice and a file, on the embedded database."""
    data = tmp_path_factory.mktemp("whole") / "data"
    assert admin(data, "migrate", "-v0").returncode == 0
    assert admin(data, "practice", "create", "--name", "Harbour Lane", "--owner-email", "i@a.example",
                 "--owner-name", "Dr Imani Cole").returncode == 0  # fmt: skip
    (data / "files").mkdir()
    (data / "files/a.pdf").write_bytes(os.urandom(300_000))
    return data


@pytest.fixture(scope="module")
def whole(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup of it."""
    path = tmp_path_factory.mktemp("kept") / "whole.backup"
    assert admin(installation, "backup", str(path)).returncode == 0
    return path


# --- killed


@pytest.mark.promise("L5")
@pytest.mark.parametrize(
    ("where", "when"),
    [("archive:about", "after"), ("archive:file", "after"), ("archive:table", "after"), ("archive:finish", "before"),
     ("archive:finish", "after"), ("os:fsync", "after")],
)  # fmt: skip
def test_a_backup_that_is_killed_leaves_the_old_one(
    installation: Path, whole: Path, tmp_path: Path, where: str, when: str
) -> None:
    target = tmp_path / "x"
    target.write_bytes(whole.read_bytes())
    killed(installation, where, "backup", target, when)
    assert target.read_bytes() == whole.read_bytes()
    # The next one takes over what was left, and nothing stays lying about.
    assert admin(installation, "backup", str(target)).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert restore.verify(target, passphrase=WORDS).files == 2


def test_a_first_backup_that_is_killed_leaves_no_file_of_that_name(installation: Path, tmp_path: Path) -> None:
    killed(installation, "os:replace", "backup", tmp_path / "x")
    assert not (tmp_path / "x").exists()
    killed(installation, "os:replace", "backup", tmp_path / "x", "after")
    assert restore.verify(tmp_path / "x", passphrase=WORDS).files == 2


@pytest.mark.promise("L5")
@pytest.mark.parametrize(
    ("where", "when"),
    [("schema:make_tables", "after"), ("loader:take", "after"), ("loader:finish", "after"),
     ("restore:_check_trails", "after"), ("os:replace", "after"), ("restore:_move", "after")],
)  # fmt: skip
def test_a_restore_that_is_killed_can_be_done_again(
    installation: Path, whole: Path, tmp_path: Path, where: str, when: str
) -> None:
    data = tmp_path / "new"
    killed(data, where, "restore", whole, when)
    if (data / "doorframe.sqlite3").exists():
        with sqlite3.connect(data / "doorframe.sqlite3") as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            assert "members_practice" not in tables or not list(database.execute("SELECT 1 FROM members_practice"))
    done = admin(data, "restore", str(whole))
    assert done.returncode == 0, done.stderr
    assert (data / "files/a.pdf").read_bytes() == (installation / "files/a.pdf").read_bytes()
    assert (data / "secret.key").read_text() == (installation / "secret.key").read_text()
    assert not list(data.glob("*.part"))


# --- full


class FullDisk:
    """Takes so many bytes and no more."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file, self._room = file, room

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(envelope, "COST", 2**4)
    place = tmp_path / "data"
    (place / "files").mkdir(parents=True)
    (place / "files/a.bin").write_bytes(os.urandom(5 * CHUNK_BYTES))
    use_folder(settings, place)
    return place


@pytest.mark.parametrize("room", [0, 100, CHUNK_BYTES, 3 * CHUNK_BYTES, 5 * CHUNK_BYTES])
def test_a_full_disk_is_said_and_leaves_the_old_one(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    (tmp_path / "x").write_text("the old one")
    original = make._locked
    monkeypatch.setattr(make, "_locked", lambda name: FullDisk(original(name), room))
    with pytest.raises(BackupError, match=r"disk is full.*untouched"):
        backed_up(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "x"]
    assert make.last_backup() is None


def test_a_real_small_disk(tmp_path: Path, data: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this machine has no /dev/full")
    with pytest.raises(OSError, match="No space left"), Path("/dev/full").open("wb", buffering=0) as full:
        archive.Writer(full, WORDS)


def test_a_disk_that_fills_during_a_restore_keeps_nothing(
    tmp_path: Path, data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(tmp_path / "x")
    use_folder(settings, tmp_path / "new")

    def full(self: Any, part: archive.Part) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(restore._Stage, "take", full)
    with pytest.raises(BackupError, match="Nothing was kept of it"):
        restore.restore(tmp_path / "x", passphrase=WORDS)
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize("place", ["missing/x", "data"])
def test_a_place_that_cannot_be_written(tmp_path: Path, data: Path, place: str) -> None:
    with pytest.raises(BackupError, match="No backup was made"):
        backed_up(tmp_path / place)
    assert not list(tmp_path.rglob("*.part"))


# --- two at once


def test_two_at_once_on_one_file(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = archive.Writer.finish
    said: list[str] = []

    def another_begins(self: archive.Writer) -> dict[str, Any]:
        monkeypatch.setattr(archive.Writer, "finish", original)
        with pytest.raises(BackupError) as refused:
            backed_up(tmp_path / "x")
        said.append(str(refused.value))
        return original(self)

    monkeypatch.setattr(archive.Writer, "finish", another_begins)
    backed_up(tmp_path / "x")
    assert len(said) == 1 and "Another backup is writing" in said[0]
    assert restore.verify(tmp_path / "x", passphrase=WORDS).files == 1


def test_two_at_once_on_two_files(installation: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "doorframe.web.admin_cli", "backup"]
    running = [
        subprocess.Popen([*command, str(tmp_path / name)], env=environ(installation), stdout=subprocess.PIPE)
        for name in ("x", "y")
    ]
    assert [process.wait(300) for process in running] == [0, 0]
    for name, process in zip(("x", "y"), running, strict=True):
        assert process.stdout
        process.stdout.close()
        assert restore.verify(tmp_path / name, passphrase=WORDS).files == 2


def test_the_file_may_be_read_while_it_is_replaced(tmp_path: Path, data: Path) -> None:
    backed_up(tmp_path / "x")
    with (tmp_path / "x").open("rb") as reading:
        first = reading.read(50)
        backed_up(tmp_path / "x")
        assert first + reading.read() != (tmp_path / "x").read_bytes()


# --- broken on the way


@pytest.mark.promise("L5")
def test_one_byte_changed_anywhere_is_noticed(tmp_path: Path, data: Path) -> None:
    (data / "files/a.bin").write_bytes(b"x" * 1000)
    backed_up(tmp_path / "x")
    good = (tmp_path / "x").read_bytes()
    step = max(1, len(good) // 200)
    for place in {*range(0, len(good), step), *range(260), *range(len(good) - 40, len(good))}:
        broken = bytearray(good)
        broken[place] ^= 1
        (tmp_path / "x").write_bytes(broken)
        with pytest.raises(BackupError):
            restore.verify(tmp_path / "x", passphrase=WORDS)


@pytest.mark.promise("L5")
def test_cut_off_at_every_border_is_noticed(tmp_path: Path, data: Path) -> None:
    backed_up(tmp_path / "x")
    good = (tmp_path / "x").read_bytes()
    start = good.index(b"\n", len(MAGIC)) + 1
    borders = [0, len(MAGIC), *range(start, len(good), CHUNK_BYTES + TAG_BYTES)]
    assert len(borders) > 6
    for border in borders:
        for place in (border, border + 1):
            (tmp_path / "x").write_bytes(good[:place])
            with pytest.raises(BackupError):
                restore.verify(tmp_path / "x", passphrase=WORDS)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 a zip that was renamed", b"SQLite format 3\x00" * 100, b"\x1f\x8b\x08"]
)
def test_a_foreign_file_is_refused(tmp_path: Path, data: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    for attempt in (restore.verify, restore.restore):
        with pytest.raises(BackupError, match="not a backup made by Doorframe"):
            attempt(tmp_path / "x", passphrase=WORDS)


def test_a_file_that_is_not_there(tmp_path: Path, data: Path) -> None:
    with pytest.raises(BackupError, match="cannot be read"):
        restore.verify(tmp_path / "nothing", passphrase=WORDS)


def test_a_file_that_shrinks_while_it_is_copied(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = archive._Summed.read

    def shrink(self: Any, size: int = -1) -> bytes:
        os.truncate(data / "files/a.bin", 10)
        return original(self, size)

    monkeypatch.setattr(archive._Summed, "read", shrink)
    with pytest.raises(BackupError, match=r"a.bin became shorter"):
        backed_up(tmp_path / "x")
    assert not list(tmp_path.glob("x*"))


def test_a_server_that_writes_all_the_time(installation: Path, tmp_path: Path) -> None:
    """Another process changes rows as fast as it can; no writer waits for the backup, and the backup is whole."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(installation / "doorframe.sqlite3")], stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout and writer.stdout.readline()
        for number in range(2):
            done = admin(installation, "backup", str(tmp_path / str(number)))
            assert done.returncode == 0, done.stderr
    finally:
        writer.send_signal(signal.SIGTERM)
        assert writer.stdout
        said = writer.stdout.read()
        writer.stdout.close()
        assert writer.wait(60) == 0
    assert int(said) > 10, "it kept writing"


WRITER = """
import signal, sqlite3, sys
going = True
def stop(*_):
    global going
    going = False
signal.signal(signal.SIGTERM, stop)
database = sqlite3.connect(sys.argv[1], timeout=1, isolation_level=None)
print("ready", flush=True)
count = 0
while going:
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE members_practice SET region = ?", [str(count)])
    database.execute("COMMIT")
    count += 1
print(count)
"""
