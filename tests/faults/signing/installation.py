"""An installation with a practice, clients who sign, and a mail server, for tests that make days hard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.apps.jobs.installation import ROOT, Database
from tests.apps.mail.office import PostOffice

WAITS = "state = 'waiting' AND name IN ('signatures.proof.seal', 'mail.letter.send')"
SIGN = {"name": "Ana Lima", "strokes": ""}


class Installation:
    """`more` are environment variables beside the usual ones."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.database, self.office = folder, Database(folder), PostOffice()
        self.office.open()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "DJANGO_"))}
        self.environ = kept | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.signing.settings",
            "DOORFRAME_DATA": str(folder),
            "DOORFRAME_DATABASE_URL": self.database.url if self.database.suite else "",
            "DOORFRAME_DEMO": "off",
            "DOORFRAME_EMAIL": "smtp",
            "DOORFRAME_EMAIL_FROM": "post@letters.example",
            "DOORFRAME_SMTP_HOST": "127.0.0.1",
            "DOORFRAME_SMTP_PORT": str(self.office.port),
            "DOORFRAME_SMTP_SECURITY": "none",
            "DOORFRAME_PUBLIC_URL": "http://localhost",
            "DOORFRAME_LOG_LEVEL": "ERROR",
            **more,
        }
        command = [sys.executable, "-m", "tests.faults.signing.nursery"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._log = (folder / "nursery.log").open("w")
        self._nursery = subprocess.Popen(command, env=self.environ, cwd=ROOT, stderr=self._log, **pipes)
        self.do("prepare")

    def ask(self, do: str, *, die: str = "", clock: float = 0, most: int = 0, **given: Any) -> dict[str, Any]:
        """How a process ended that did this, and what it said."""
        assert self._nursery.stdin and self._nursery.stdout
        wish = {"do": do, "with": given, "die": die, "clock": clock, "most": most}
        self._nursery.stdin.write(json.dumps(wish) + "\n")
        self._nursery.stdin.flush()
        found: dict[str, Any] = json.loads(self._nursery.stdout.readline())
        return found

    def do(self, do: str, *, clock: float = 0, most: int = 0, **given: Any) -> Any:
        """What a process said that did this and ended well."""
        found = self.ask(do, clock=clock, most=most, **given)
        assert found["code"] == 0, (self.folder / "nursery.log").read_text()[-4000:]
        return found["said"]

    def clients(self, count: int) -> list[Client]:
        """Clients who got the letter, opened the link and read to the end."""
        made = self.do("invite", count=count)
        self.do("work")  # the letters with the links
        secrets = self.do("sit", doors=[each["door"] for each in made])
        return [Client(self, each["item"], each["door"], secret) for each, secret in zip(made, secrets, strict=True)]

    def set_back(self) -> None:
        """As if the minute were over in which a dead worker's job is not taken, and the pause between two tries."""
        self.database.rows("UPDATE jobs_job SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'")
        self.do("reclaim")
        self.database.rows(f"UPDATE jobs_job SET run_at = created_at WHERE {WAITS}")

    def work_until_idle(self) -> None:
        """Fresh workers, until nothing waits for them."""
        for _time in range(4):
            self.set_back()
            self.do("work")
            if not self.database.rows(f"SELECT 1 FROM jobs_job WHERE {WAITS} OR state = 'running'"):
                return
        raise AssertionError("there is always more to do")

    def close(self) -> None:
        assert self._nursery.stdin
        self._nursery.stdin.close()
        self._nursery.wait(30)
        if self._nursery.stdout:
            self._nursery.stdout.close()
        self._log.close()
        self.office.close()
        self.database.drop()


class Client:
    """Somebody with an open sitting: `item` is the key of their acknowledgement, `door` the path of their link."""

    def __init__(self, installation: Installation, item: int, door: str, secret: str) -> None:
        self.at, self.item, self.door, self.secret = installation, item, door, secret

    def sign(self, **how: Any) -> dict[str, Any]:
        """Press “Sign”: how the web process ended, and what it answered."""
        return self.at.ask("browse", path="/read/sign/", secret=self.secret, fields=SIGN, **how)

    def send(self, path: str, **fields: str) -> Any:
        """Send a form, in a web process that lives on."""
        return self.at.do("browse", path=path, secret=self.secret, fields=fields)

    def see(self, path: str) -> Any:
        """Open a page, in a web process that lives on."""
        return self.at.do("browse", path=path, secret=self.secret)

    def facts(self) -> Any:
        """What stands in the database of them."""
        return self.at.do("facts", item=self.item)

    def letters(self, facts: Any) -> list[int]:
        """How often each of their copy letters arrived."""
        return [self.at.office.ids.count(message_id) for message_id, _state in facts["copies"]]
