"""The real server, started on a free port with data of its own, and a browser without pictures to walk through it."""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from benchmarks.measure import ROOT

PATIENCE = 90


class Site:
    """`doorframe.web.start` with its server and its worker; `started` is how long it took until it was ready."""

    def __init__(self, data: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "doorframe.web.start", "--port", str(port), "--no-open"],
            env={**os.environ, "DOORFRAME_DATA": data}, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.address, self.person, self.password = self._read()
        self.started = time.monotonic() - began

    def _read(self) -> tuple[str, str, str]:
        assert self.process.stdout
        address = ""
        for line in self.process.stdout:
            ready = re.search(r"ready: (http\S+)/", line)
            address = ready.group(1) if ready else address
            signs_in = re.search(r"as (\S+) with the password (\S+)", line)
            if signs_in:
                return address, signs_in.group(1), signs_in.group(2)
        raise RuntimeError("The server did not become ready")

    def stop(self) -> float:
        """End it; gives how long it took to start."""
        self.process.terminate()
        self.process.wait(30)
        return self.started

    def memory(self) -> dict[str, tuple[int, int]]:
        """Megabytes resident (now, at most) of each process that this start began, by what it is; Linux only."""
        found = {}
        for number in _descendants(self.process.pid):
            words = Path(f"/proc/{number}/cmdline").read_text().split("\0")
            name = "worker" if "worker" in words else "web process"
            if _descendants(number):
                name = "what watches over the web process"
            status = Path(f"/proc/{number}/status").read_text()
            now, most = (int(re.search(rf"{key}:\s+(\d+)", status)[1]) // 1024 for key in ("VmRSS", "VmHWM"))  # type: ignore[index]
            found[name] = (now, most)
        return found


def _descendants(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [number for child in map(int, children) for number in (child, *_descendants(child))]


@dataclass
class Page:
    """What came back."""

    status: int
    address: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """Follows links and sends forms, and keeps cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path: str, fields: list[tuple[str, str]] | None = None) -> Page:
        """Open a path, or send fields to it; an error page comes back as a page."""
        address = urllib.parse.urljoin(self.address, path)
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        return self._open(urllib.request.Request(address, data, headers={"Referer": address}))

    def upload(self, path: str, body: bytes, kind: str) -> Page:
        """Send a body that was put together elsewhere."""
        address = urllib.parse.urljoin(self.address, path)
        return self._open(urllib.request.Request(address, body, headers={"Referer": address, "Content-Type": kind}))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return Page(answer.status, answer.url, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url or request.full_url, error.read())

    def send(self, page: Page, having: str, **values: str) -> Page:
        """Fill the form of a page that has a field, or stands for an address, so called; and send it."""
        forms = _Forms(page.text).found
        chosen = [form for form in forms if having in form[0] or having in dict(form[1])]
        if not chosen:
            raise RuntimeError(f"{page.address} ({page.status}) has no form with {having}")
        target, fields = chosen[0]
        fields = [(name, value) for name, value in fields if name not in values] + list(values.items())
        return self.get(urllib.parse.urljoin(page.address, target or page.address), fields)


class _Forms(HTMLParser):
    """The forms of a page: where each goes and what its fields hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.area = self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), []))
        if not self.found:
            return
        fields, name = self.found[-1][1], given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"submit", "file"}:
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                fields.append((name, given.get("value", "on")))
        elif tag == "textarea":
            self.area = name
            fields.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            fields.append((self.select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area and self.found:
            name, value = self.found[-1][1].pop()
            self.found[-1][1].append((name, value + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.select = ""
