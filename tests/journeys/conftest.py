"""A real server, a real browser, people who are signed in, and axe on every page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from doorframe.apps.jobs import runner
from doorframe.apps.members.actions import create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions
from doorframe.apps.policies.models import Version
from tests.answers import COMPLETE

BACKEND = "doorframe.apps.members.backends.MemberBackend"
PASSWORD = "a quiet long password"


@pytest.fixture(autouse=True)
def jobs_wait(settings: Any) -> None:
    """The journeys are the worker themselves, at the moment they say."""
    settings.JOBS_ENGINE = "db"


def work() -> None:
    """What a worker would do now."""
    while runner.run_next(now=timezone.now):
        continue


@dataclass
class Door:
    """The server, and everything that any browser asked of anyone."""

    browser: Browser
    address: str
    asked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    axe_runs: bool = False

    def open(self, member: Membership | None = None, *, width: int = 1280, **more: Any) -> Page:
        """A browser of its own, signed in as a member or not at all; `more` is for Playwright."""
        known: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "locale": "en-GB", "timezone_id": "UTC"}
        context = self.browser.new_context(base_url=self.address, accept_downloads=True, **{**known, **more})
        self.contexts.append(context)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("requestfailed", lambda request: self._failed(request))
        context.on("weberror", lambda error: self.broken.append(str(error.error)))
        context.on("console", lambda said: self._said(said))
        context.set_default_timeout(20_000)
        if member is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(member), "url": self.address}])
        return context.new_page()

    def _failed(self, request: Any) -> None:
        # A request that a newer one replaced, or that a click on Continue overtook, is no fault.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.broken.append(f"{request.url}: {request.failure}")

    def _said(self, said: Any) -> None:
        # Answers such as 409 and 422 are meant, and Chromium notes them all; axe tries styles that are refused. htmx
        # notes a request that was overtaken as it notes one that failed, save for the second of its two lines.
        meant = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")
        if said.type == "error" and not any(words in said.text for words in meant) and not self.axe_runs:
            self.broken.append(said.text)

    def other_hosts(self) -> set[str]:
        """Every host that was asked besides this server."""
        here = urlsplit(self.address).netloc
        return {urlsplit(url).netloc for url in self.asked if urlsplit(url).scheme not in {"data", "blob"}} - {here}


def session_of(member: Membership) -> str:
    """A session cookie, as signing in would give it."""
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    return client.cookies["sessionid"].value


@pytest.fixture
def door(live_server: Any, browser: Browser) -> Iterator[Door]:
    """Ends with what holds for every journey: nobody else was asked, and nothing broke on the way."""
    made = Door(browser, live_server.url)
    yield made
    for context in made.contexts:
        context.close()
    assert made.other_hosts() == set()
    assert made.broken == []


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """Alone in an American practice."""
    return create_practice(
        name="Harbour Lane Therapy", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=PASSWORD,
        at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def draft(owner: Membership) -> Version:
    """A draft that could be published as it is."""
    return begin(owner)


def begin(owner: Membership, at: datetime | None = None, **answers: Any) -> Version:
    """A draft with these answers on top of complete ones."""
    return actions.start_version(actor=owner, at=at or timezone.now(), answers={**COMPLETE, **answers})


def publish(version: Version, actor: Membership, note: str = "Shorter sentences.") -> Version:
    """Put it in force and write its files."""
    version = actions.publish_version(version=version, actor=actor, at=timezone.now(), change_note=note)
    work()
    return version


@pytest.fixture
def axe(door: Door) -> Callable[[Page], None]:
    """Fails on whatever axe calls serious or critical, with the rule and the node."""
    tool = Axe()

    def check(page: Page) -> None:
        door.axe_runs = True
        found = tool.run(page).response["violations"]
        page.evaluate("1")  # whatever axe made the browser say has arrived by now
        door.axe_runs = False
        grave = [
            f"{one['id']} ({one['impact']}): {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for one in found
            for node in one["nodes"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert grave == [], f"{page.url}\n" + "\n".join(grave)

    return check


def looks_right(page: Page, heading: str = "") -> None:
    """Nothing for axe and nothing wider than the window, on a phone by night and at a desk by day.

    Contrast depends on the scheme and layout on the width, so each of the four is judged once; the other two
    combinations would show nothing new, for twice the time.

    A click that leads away returns before the next page is there: name the heading of the page that is meant,
    unless something of it was waited for already. No page looks different on another database: where the same pages
    were looked at a moment ago, DOORFRAME_LOOKS=judged says so, and the journey itself is what is tried again.
    """
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state("load")
    if os.environ.get("DOORFRAME_LOOKS") == "judged":
        return
    for width, scheme in ((360, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert fits(page), (page.url, width)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (page.url, width, scheme)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
