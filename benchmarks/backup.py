"""A backup of ten and a hundred times the records: a straight line, flat memory, and what databases bring beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import ROOT, Row, Unable

SIZES = (5_000, 50_000, 500_000)
"""Records of the trail; a practice of ten people writes some 50,000 a year."""

MARGIN = 1.3
WORDS = "a passphrase for measuring"

FILL = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "doorframe.web.settings"
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
call_command("migrate", verbosity=0)
from doorframe.apps.members.actions import create_practice
from doorframe.apps.trail.models import Event, Head
from doorframe.engines.sealing import link_hash
at = timezone.now()
owner = create_practice(name="Mill Road", owner_email="jo@b.example", owner_name="Jo Reyes", password=None, at=at)
practice, head = owner.practice, Head.objects.get()
many = []
for number in range(head.seq + 1, int(sys.argv[1]) + 1):
    event = Event(practice=practice, seq=number, at=at, actor=owner.user, actor_label="Jo Reyes",
                  name="signatures.acknowledgement.signed", subject_type="signatures.acknowledgement",
                  subject_id=str(number), data={"version": number, "method": "typed"}, previous_hash=head.hash)
    event.hash = head.hash = link_hash(head.hash, event.payload(practice_uid=str(practice.uid)))
    head.seq = number
    many.append(event)
    if len(many) == 5000:
        Event.objects.bulk_create(many)
        many.clear()
Event.objects.bulk_create(many)
head.save()
"""

MEASURE = """
import json, os, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "doorframe.web.settings"
import django
django.setup()
from pathlib import Path
from django.utils import timezone
from doorframe.web.backup import make, restore
what, path = sys.argv[1:]
began = time.process_time()
if what == "backup":
    make.backup(Path(path), passphrase=os.environ["WORDS"], at=timezone.now())
elif what == "verify":
    restore.verify(Path(path), passphrase=os.environ["WORDS"])
else:
    restore.restore(Path(path), passphrase=os.environ["WORDS"])
spent = time.process_time() - began
print(json.dumps({"seconds": spent, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def rows(rounds: int) -> list[Row]:
    """Each of backup, proof and restore at three sizes; the ratio is the growth for each tenfold, or of memory."""
    if sys.platform != "linux":
        raise Unable("Memory is measured as Linux counts it.")
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-") as folder:
        place = Path(folder)
        measured = {size: _at(place / str(size), size) for size in SIZES}
        peers = [_sqlite(place / str(SIZES[-1])), *_postgres(place)]
    small, middle, large = (measured[size] for size in SIZES)
    found = []
    for what in ("backup", "verify", "restore"):
        growth = large[what]["seconds"] / middle[what]["seconds"]
        said = " · ".join(f"{each[what]['seconds']:.1f} s" for each in (small, middle, large))
        found.append(Row(f"{what}: ten times the records", growth, 10 * MARGIN, f"{said} at {_sizes()}"))
        memory = large[what]["mb"] / middle[what]["mb"]
        said = " · ".join(f"{each[what]['mb']:.0f} MB" for each in (small, middle, large))
        found.append(Row(f"{what}: memory at ten times the records", memory, 1.2, f"{said} at {_sizes()}"))
    for name, seconds, size in peers:
        ours = large["backup"]["seconds"]
        said = (
            f"{ours:.1f} s with encryption, reading back and the chain proved, {large['file']['mb']:.0f} MB; "
            f"{name} {seconds:.1f} s with neither, {size / 1024**2:.0f} MB"
        )
        found.append(Row(f"backup against {name}", ours / seconds, None, said))
    return found


def _sizes() -> str:
    return ", ".join(f"{size:,}" for size in SIZES) + " records"


def _at(place: Path, size: int) -> dict[str, dict[str, float]]:
    data, file = place / "data", place / "x.backup"
    _python(FILL, str(size), DOORFRAME_DATA=str(data))
    found = {
        "backup": _measured("backup", file, data),
        "verify": _measured("verify", file, data),
        "restore": _measured("restore", file, place / "again"),
    }
    return {**found, "file": {"mb": file.stat().st_size / 1024**2}}


def _measured(what: str, file: Path, data: Path) -> dict[str, float]:
    said: dict[str, float] = json.loads(_python(MEASURE, what, str(file), DOORFRAME_DATA=str(data), WORDS=WORDS))
    return said


def _python(program: str, *arguments: str, **environ: str) -> str:
    return _run([sys.executable, "-c", program, *arguments], environ)


def _run(command: list[str], environ: Mapping[str, str] = {}) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DOORFRAME_")}
    done = subprocess.run(command, env={**kept, **environ}, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def _timed(command: str, file: Path) -> tuple[float, int]:
    """How long a line of the shell works, all its programs together, and how large what it makes is."""
    done = subprocess.run(["bash", "-c", f"TIMEFORMAT='%U %S'; time ({command})"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return sum(map(float, done.stderr.split()[-2:])), file.stat().st_size


def _sqlite(place: Path) -> tuple[str, float, int]:
    """SQLite's own copy, compressed; by Python's binding, since the program may not be installed."""
    copy, database = place / "copy", place / "data/doorframe.sqlite3"
    program = f"import sqlite3; a=sqlite3.connect({str(database)!r}); b=sqlite3.connect({str(copy)!r}); a.backup(b)"
    seconds, size = _timed(f'{sys.executable} -c "{program}" && gzip -4kf {copy}', Path(f"{copy}.gz"))
    return "SQLite's own copy and gzip", seconds, size


def _postgres(place: Path) -> list[tuple[str, float, int]]:
    """pg_dump of the same rows, where there is a PostgreSQL to put them into."""
    server = os.environ.get("DOORFRAME_BENCH_POSTGRES")
    if not server or not shutil.which("pg_dump"):
        return []
    name = f"doorframe_bench_{os.getpid()}"
    address = f"{server.rsplit('/', 1)[0]}/{name}"
    _run(["psql", "-qc", f"CREATE DATABASE {name}", server])
    try:
        file = place / str(SIZES[-1]) / "x.backup"
        again = {"DOORFRAME_DATA": str(place / "postgres"), "DOORFRAME_DATABASE_URL": address, "WORDS": WORDS}
        _python(MEASURE, "restore", str(file), **again)
        dump = place / "dump.gz"
        seconds, size = _timed(f"pg_dump {address} | gzip -4 > {dump}", dump)
    finally:
        _run(["psql", "-qc", f"DROP DATABASE {name}", server])
    return [("pg_dump and gzip", seconds, size)]
