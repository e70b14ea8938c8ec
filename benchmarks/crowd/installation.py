"""An installation of its own for a crowd: data folder, database, mail server, and as many starts as are wanted."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.measure import ROOT

PATIENCE = 600


class PostOffice:
    """A mail server on this machine that takes everything and counts each Message-ID."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller

        self.taken: Counter[str] = Counter()
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a message."""
        self.taken[BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"

    def close(self) -> None:
        """Take no more."""
        self._controller.stop()


class Database:
    """The embedded database of a data folder where `server` is "", else one of its own on this server."""

    def __init__(self, server: str) -> None:
        self.server, self.name = server, f"doorframe_crowd_{uuid.uuid4().hex[:10]}"
        self._on_server(f"CREATE DATABASE {self.name}")

    @property
    def url(self) -> str:
        """As DOORFRAME_DATABASE_URL names it."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}")) if self.server else ""

    def drop(self) -> None:
        """Away with it."""
        self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        if self.server:
            import psycopg

            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(statement)


class Start:
    """`doorframe.web.start`: a web process with what watches over it, and a worker."""

    def __init__(self, environ: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-u", "-m", "doorframe.web.start", "--port", str(port), "--no-open"]
        self.process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{port}"
        self._wait_until_ready()
        # Whatever else it says must be read, or it would wait for somebody who does.
        threading.Thread(target=self._listen, daemon=True).start()

    def _wait_until_ready(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if "is ready" in line:
                return
        raise RuntimeError("The server did not become ready")

    def _listen(self) -> None:
        assert self.process.stdout
        for _line in self.process.stdout:
            continue

    def stop(self) -> None:
        """End it and what belongs to it."""
        self.process.terminate()
        self.process.wait(60)


class Installation:
    """Practices with clients who were asked; `starts` web processes, each with a worker."""

    def __init__(self, *, practices: int, clients: int, starts: int = 1, server: str = "") -> None:
        self.folder = tempfile.mkdtemp(prefix="doorframe-crowd-")
        self.database, self.office = Database(server), PostOffice()
        self.environ = self._environ()
        self.starts: list[Start] = []
        try:
            said = self.run("-m", "benchmarks.crowd.prepare", str(practices), str(clients))
            self.doors: list[str] = json.loads(said.splitlines()[-1])
            self.run("-m", "doorframe.web.admin_cli", "worker", "--once")  # the letters with the links, the documents
            for _each in range(starts):
                self.starts.append(Start(self.environ))
        except BaseException:
            self.close()
            raise

    def _environ(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "doorframe.web.settings", "DOORFRAME_DATA": self.folder,
            "DOORFRAME_DATABASE_URL": self.database.url, "DOORFRAME_DEMO": "off", "DOORFRAME_EMAIL": "smtp",
            "DOORFRAME_EMAIL_FROM": "post@letters.example", "DOORFRAME_SMTP_HOST": "127.0.0.1",
            "DOORFRAME_SMTP_PORT": str(self.office.port), "DOORFRAME_SMTP_SECURITY": "none",
            "DOORFRAME_LOG_LEVEL": "WARNING", "DOORFRAME_PUBLIC_URL": "http://read.example",
        }  # fmt: skip

    def run(self, *arguments: str, given: str = "") -> str:
        """What a program of this installation says; raises where it fails."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self.environ, cwd=ROOT, stdout=subprocess.PIPE, input=given, text=True, check=True
        )
        return done.stdout

    def let_in(self, *, pause: float = 0.0) -> dict[str, Any]:
        """Let everybody in at once, and give what they saw."""
        wish = {"addresses": [each.address for each in self.starts], "doors": self.doors, "pause": pause, "seed": 4}
        found: dict[str, Any] = json.loads(self.run("-m", "benchmarks.crowd.readers", given=json.dumps(wish)))
        return found

    def wait_until_done(self) -> float:
        """Seconds until no work is due any more."""
        began = time.monotonic()
        self.run("-c", f"import time\nfrom benchmarks.crowd import outcome\n"
                 f"until = time.monotonic() + {PATIENCE}\n"
                 f"while outcome.still_due() and time.monotonic() < until: time.sleep(0.2)")  # fmt: skip
        return time.monotonic() - began

    def outcome(self) -> dict[str, Any]:
        """What stands in the database."""
        found: dict[str, Any] = json.loads(self.run("-m", "benchmarks.crowd.outcome"))
        return found

    def memory(self) -> dict[str, tuple[int, int]]:
        """Megabytes resident (now, at most) of each process; Linux only."""
        found = {}
        for place, start in enumerate(self.starts, start=1):
            for number in descendants(start.process.pid):
                words = Path(f"/proc/{number}/cmdline").read_text().split("\0")
                name = "worker" if "worker" in words else "web process"
                name = "what watches over the web process" if descendants(number) else name
                status = Path(f"/proc/{number}/status").read_text()
                now, most = (int(re.search(rf"{key}:\s+(\d+)", status)[1]) // 1024 for key in ("VmRSS", "VmHWM"))  # type: ignore[index]
                found[f"{name} {place}"] = (now, most)
        return found

    def close(self) -> None:
        """End everything, and leave nothing."""
        for start in self.starts:
            start.stop()
        self.office.close()
        self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


def descendants(parent: int) -> list[int]:
    """Every process below this one."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [number for child in map(int, children) for number in (child, *descendants(child))]
