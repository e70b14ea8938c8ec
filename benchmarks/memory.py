"""How much the server holds after somebody walked through every page."""

from __future__ import annotations

import re
import sys
import tempfile
import time

from benchmarks.measure import ANSWERS, Row, Unable
from benchmarks.site import PATIENCE, Browser, Page, Site

MOST_MB = 200
WALKS = 3
HANDLE = "@harbourlane"


def rows(rounds: int) -> list[Row]:
    """Three interviews, three published versions, every file and every page; then what the processes hold."""
    if sys.platform != "linux":
        raise Unable("Memory is read from /proc, which only Linux has.")
    with tempfile.TemporaryDirectory(prefix="doorframe-bench-", ignore_cleanup_errors=True) as data:
        site = Site(data)
        try:
            fresh = site.memory()
            counted = _tour(site)
            full = site.memory()
        finally:
            site.stop()
    return [_row(name, now, most, fresh.get(name, (0, 0))[0], counted) for name, (now, most) in sorted(full.items())]


def _row(name: str, now: int, most: int, before: int, counted: str) -> Row:
    bound = 1.0 if name == "web process" else None
    said = f"{now} MB after {counted}, {most} MB at most, {before} MB at the start; against {MOST_MB} MB"
    return Row(f"resident memory, {name}", most / MOST_MB, bound, said)


def _tour(site: Site) -> str:
    browser = Browser(site.address)
    page = browser.get("/")
    page = browser.send(page, "login", login=site.person, password=site.password)
    if "/me/login" in page.address:
        raise RuntimeError("Signing in did not work")
    pages = files = 0
    for walk in range(WALKS):
        version, opened = _interview(browser, site, walk)
        pages += opened
        files += _files(browser, version)
    for path in ("/", "/help/", "/policy/", "/me/email/", "/me/2fa/", "/me/sessions/", "/healthz", "/no-such-page"):
        browser.get(path)
        pages += 1
    return f"{pages} pages and {files} files"


def _interview(browser: Browser, site: Site, walk: int) -> tuple[str, int]:
    """Import the answers, then open and keep every screen; publish. The version's address and the pages opened."""
    index = browser.get("/policy/")
    page = _import(browser, index)
    version = page.address.split("/check/")[0].removeprefix(site.address)
    screens = sorted(set(re.findall(rf"{version}/q/([a-z-]+)/", page.text)))
    if len(screens) < 10:
        raise RuntimeError(f"The check page names only {len(screens)} screens")
    for screen in screens:
        shown = browser.get(f"{version}/q/{screen}/")
        browser.send(shown, "revision", **{"continue": "1"})
    for part in ("go-on/", "text/", "answers.toml", "website/"):
        browser.get(f"{version}/{part}")
    check = browser.get(f"{version}/check/")
    done = browser.send(check, "/publish/", change_note=f"Walk {walk}")
    if done.status != 200 or "/check/" in done.address:
        raise RuntimeError(f"Publishing ended at {done.address} with {done.status}")
    return version, 2 * len(screens) + 8


def _import(browser: Browser, index: Page) -> Page:
    """Send the answers file as a browser does."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', index.text)
    if token is None:
        raise RuntimeError("The page of all versions has no form")
    boundary = "doorframe-benchmark"
    # The fictional practice keeps a register of its accounts, and a policy must name what stands there.
    answers = re.sub(r'handle = "[^"]*"', f'handle = "{HANDLE}"', ANSWERS.read_text(encoding="utf-8"), count=1)
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token[1]}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="answers"; filename="answers.toml"\r\n\r\n'
        f"{answers}\r\n--{boundary}--\r\n"
    )
    page = browser.upload("/policy/import/", body.encode(), f"multipart/form-data; boundary={boundary}")
    if "/check/" not in page.address:
        raise RuntimeError(f"The import ended at {page.address} with {page.status}")
    return page


def _files(browser: Browser, version: str) -> int:
    """Wait for the documents of a version and open each."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page = browser.get(f"{version}/")
        links = sorted(set(re.findall(rf"{version}/documents/[a-z-]+\.[a-z]+", page.text)))
        if len(links) >= 10 and "progress" not in browser.get(f"{version}/documents/").text:
            break
        time.sleep(0.5)
    for link in links:
        if browser.get(link).status != 200:
            raise RuntimeError(f"{link} did not open")
    slug = re.search(r"/p/([a-z0-9-]+)/", browser.get(f"{version}/website/").text)
    for path in (f"/p/{slug[1]}/", f"/p/{slug[1]}/versions/", "/p/policy.css") if slug else ():
        browser.get(path)
    return len(links)
