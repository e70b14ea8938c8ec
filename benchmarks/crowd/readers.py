"""`python -m benchmarks.crowd.readers`: clients who open, read page after page, ask one question, and sign, at once.

Reads {"addresses", "doors", "pause", "seed"} from standard input and says, as JSON, how long each step took and
everything that was not as a reader should find it. One process, a connection for each client, and each client comes
from an address of its own, as they do in life: pages for readers count how often one address comes.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

ASKED_ON = 2
"""The page on which each of them asks about the first clause."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ASK = re.compile(r'href="(/read/ask/[^"/]+/)"')
_WHOLE = re.compile(r'<progress value="\d+" max="(\d+)"')


class Wrong(Exception):
    """The page was not what it should be."""


@dataclass
class Notes:
    """What all of them saw: seconds for each step, and whatever was wrong."""

    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    done: int = 0


class Reader:
    """One client's browser: it keeps its cookies and its connection, and follows where it is sent."""

    def __init__(self, number: int, address: str, notes: Notes, pause: float, chance: random.Random) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 80
        # macOS gives away but one of them, which is enough for a small crowd.
        self.mine = f"127.1.{number // 250}.{number % 250 + 1}" if sys.platform != "darwin" else "127.0.0.1"
        self.cookies: dict[str, str] = {}
        self.notes, self.pause, self.chance = notes, pause, chance
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def sign(self, door: str) -> None:
        """The whole way from the link to the copy."""
        page = await self.get("the door", door)
        page = await self.post("open the link", door, page)
        whole = _found(_WHOLE, page)
        for number in range(1, int(whole) + 1):
            if number == ASKED_ON:
                await self.ask(_found(_ASK, page), number)
            page = await self.post("read a page", f"/read/{number}/", page)
        page = await self.post("choose to agree", "/read/answer/", page, choice="agree")
        page = await self.post("the disclosure", "/read/before-signing/", page, way="screen")
        page = await self.post("sign", "/read/sign/", page, name="Ana Lima", strokes="")
        if "/read/copy-way/" not in page:
            raise Wrong("the page after signing does not say how the copy comes")
        self.notes.done += 1

    async def ask(self, where: str, number: int) -> None:
        """One question about a clause, and back to the page."""
        page = await self.get("the form for a question", where)
        await self.post("ask a question", where, page, text=f"What does this mean, if I may ask on page {number}?")

    async def get(self, step: str, path: str) -> str:
        """Open a page."""
        await self._rest()
        return await self._timed(step, "GET", path, "")

    async def post(self, step: str, path: str, page: str, **fields: str) -> str:
        """Send a form, and open the page that it leads to."""
        await self._rest()
        body = urlencode({"csrfmiddlewaretoken": _found(_TOKEN, page), **fields})
        return await self._timed(step, "POST", path, body)

    async def _rest(self) -> None:
        if self.pause:
            await asyncio.sleep(self.chance.uniform(0, 2 * self.pause))

    async def _timed(self, step: str, method: str, path: str, body: str) -> str:
        status, where, text = await self._send(step, method, path, body)
        for _more in range(3):
            if status != 302:
                break
            status, where, text = await self._send(f"{step}: what follows", "GET", where, "")
        if status != 200:
            raise Wrong(f"{step} ended at {_without_secret(where or path)} with {status}")
        return text

    async def _send(self, step: str, method: str, path: str, body: str) -> tuple[int, str, str]:
        """One request; the answer's status, where it leads, and its text."""
        if self.streams is None:
            mine = (self.mine, 0)
            self.streams = await asyncio.open_connection(self.host, self.port, local_addr=mine)
        incoming, outgoing = self.streams
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", "User-Agent: Reader", f"Cookie: {held}"]
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        began = time.perf_counter()
        outgoing.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        lines = (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [line.partition(": ")[::2] for line in lines[1:] if line]
        text = await _body(incoming, headers)
        self.notes.steps[step].append(time.perf_counter() - began)
        self._keep_cookies(headers)
        status = int(lines[0].split(" ")[1])
        if status >= 500 or "Something went wrong" in text:
            self.notes.wrong.append(f"{step}: {status}")
        where = next((value for name, value in headers if name.lower() == "location"), "")
        return status, where, text

    def _keep_cookies(self, headers: Iterable[tuple[str, ...]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                cookie, _equals, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
                if "max-age=0" in value.lower():
                    del self.cookies[cookie]


async def _body(incoming: asyncio.StreamReader, headers: Iterable[tuple[str, ...]]) -> str:
    told = {name.lower(): value for name, value in headers}
    if "content-length" in told:
        return (await incoming.readexactly(int(told["content-length"]))).decode()
    if told.get("transfer-encoding") != "chunked":
        return ""
    parts = []
    while size := int((await incoming.readuntil(b"\r\n")).strip(), 16):
        parts.append((await incoming.readexactly(size + 2))[:-2])
    await incoming.readexactly(2)
    return b"".join(parts).decode()


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise Wrong(f"the page “{page[page.find('<title>') + 7 :][:60]}” lacks {pattern.pattern[:24]}")
    return match[1]


def _without_secret(path: str) -> str:
    return "/c/…/" if path.startswith("/c/") else path


async def crowd(addresses: list[str], doors: list[str], pause: float, seed: int) -> dict[str, object]:
    """All of them at once."""
    notes = Notes()
    chance = random.Random(seed)

    async def one(number: int, door: str) -> None:
        try:
            await Reader(number, addresses[number % len(addresses)], notes, pause, chance).sign(door)
        except (Wrong, OSError, asyncio.IncompleteReadError) as error:
            notes.wrong.append(f"{type(error).__name__}: {error}")

    began = time.perf_counter()
    await asyncio.gather(*(one(number, door) for number, door in enumerate(doors)))
    took = time.perf_counter() - began
    return {"steps": notes.steps, "wrong": notes.wrong, "done": notes.done, "took": took}


if __name__ == "__main__":
    wish = json.load(sys.stdin)
    print(json.dumps(asyncio.run(crowd(wish["addresses"], wish["doors"], wish["pause"], wish["seed"]))))
