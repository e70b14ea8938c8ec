"""From the check to documents in the hand and a page for readers."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from doorframe.apps.members.actions import add_member, create_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions
from doorframe.apps.policies.models import Version
from tests.journeys.conftest import PASSWORD, Door, begin, fits, publish, work


@pytest.mark.promise("A8")
def test_refused_without_a_way_to_reach_anyone_and_then_granted(door: Door, owner: Membership, axe: Any) -> None:
    # Given a draft without telephone, e-mail or crisis route
    version = begin(
        owner, country="other", region="", phone="", email="", emergency_number="", crisis_lines=[], board_contact="",
        website="",
    )  # fmt: skip
    page = door.open(owner, width=360)
    page.goto(f"/policy/{version.uid}/check/")
    # Then it cannot be published, and each reason has its link
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    reasons = page.locator(".note.stop")
    assert reasons.count() >= 2
    links = [str(link.get_attribute("href")) for link in page.get_by_role("link", name="Mend:").all()]
    assert any("/q/contact/" in link for link in links) and any("/q/crisis/" in link for link in links)
    axe(page)
    # When each is mended from its link
    page.locator(".note.stop a[href*='/q/contact/']").first.click()
    page.locator("#id_phone").fill("01 234 5678")
    page.get_by_role("button", name="Keep and return to the check").click()
    page.locator(".note.stop a[href*='/q/crisis/']").first.click()
    page.locator("#id_emergency_number").fill("112")
    page.locator("#id_crisis_lines-0-name").fill("The listening line")
    page.locator("#id_crisis_lines-0-number").fill("116 123")
    # Enter in a field goes on, and does not add another row
    page.locator("#id_crisis_lines-0-number").press("Enter")
    # Then it can be published
    expect(page).to_have_url(re.compile(r"/check/$"))
    expect(page.locator(".note.stop")).to_have_count(0)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 1 is in force")
    axe(page)
    assert Version.objects.get().state == "published"


def words(text: str) -> str:
    """Letters and figures alone: line breaks, hyphens and quotation marks differ between formats."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@pytest.mark.promise("B1")
@pytest.mark.promise("B2")
def test_every_document_is_downloaded_and_opens(
    door: Door, draft: Version, owner: Membership, axe: Any, tmp_path: Path
) -> None:
    # Given a policy that was just published
    page = door.open(owner)
    page.goto(f"/policy/{draft.uid}/check/")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#documents progress")).to_be_visible()
    axe(page)
    # When the worker has written its files, they appear by themselves
    work()
    expect(page.locator("#documents .formats a").first).to_be_visible()
    axe(page)
    kept: dict[str, bytes] = {}
    for number in range(page.locator("#documents .formats a").count()):
        with page.expect_download() as download:
            page.locator("#documents .formats a").nth(number).click()
        stem, _, rest = download.value.suggested_filename.partition("-v1.")
        assert stem.startswith("harbour-lane-therapy-"), stem
        name = f"{stem.removeprefix('harbour-lane-therapy-')}.{rest}"
        download.value.save_as(tmp_path / name)
        kept[name] = (tmp_path / name).read_bytes()
    # Then each opens and says the same
    sentence = "call 911 now or go to the nearest emergency department"
    assert set(kept) >= {"policy.pdf", "policy.docx", "policy.html", "policy.md", "handbook.docx", "summary.pdf"}
    for name, data in kept.items():
        if name.endswith(".pdf"):
            pdf = PdfReader(io.BytesIO(data))
            text = " ".join(part.extract_text() for part in pdf.pages)
            assert pdf.metadata is not None and pdf.metadata.title
            root: Any = pdf.trailer["/Root"]
            assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-US"
            assert name != "summary.pdf" or len(pdf.pages) == 1
        elif name.endswith(".docx"):
            document = Document(io.BytesIO(data))
            text = " ".join(paragraph.text for paragraph in document.paragraphs)
            styles = [str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style]
            assert any(style.startswith("Heading") for style in styles), name
        elif name.endswith(".html"):
            soup = BeautifulSoup(data, "html.parser")
            assert len(soup.find_all("h1")) == 1 and soup.html is not None and soup.html["lang"] == "en-US"
            assert not soup.find_all(["script", "link", "img", "iframe"])
            text = soup.get_text(" ")
        else:
            text = data.decode()
        assert "Harbour Lane Therapy" in text or "503" in text, name
        if name.partition(".")[0] in {"policy", "summary", "appendix"}:
            assert sentence in words(text), name


@pytest.mark.promise("B3")
def test_a_reader_on_a_phone(door: Door, draft: Version, owner: Membership, axe: Any) -> None:
    # Given two published versions
    first = publish(draft, owner)
    second = actions.start_version(actor=owner, at=first.changed_at, based_on=first)
    second = actions.save_answers(
        version=second, actor=owner, at=first.changed_at, screen="contact", answers={"phone": "(503) 555-0199"},
        revision=0,
    )  # fmt: skip
    old = first.public_page
    publish(second, owner, note="There is a new telephone number.")
    # When somebody without an account reads the policy
    page = door.open(width=360)
    page.goto(f"/p/{owner.practice.slug}/")
    # Then the version in force is there, fits the phone, and is clean in the light and the dark
    expect(page.locator("main")).to_contain_text("(503) 555-0199")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
        assert fits(page)
    # And a tap on the number calls it, and on the address writes
    numbers = page.locator("main a[href='tel:5035550199']")
    assert numbers.count() >= 1 and numbers.first.inner_text() == "(503) 555-0199"
    assert page.locator("main a[href='mailto:office@harbour-lane.example']").count() >= 1
    # And the table of sources is as wide as the page, not four letters a line
    cells = page.locator("#sources td, #sources tbody th")
    assert min(cells.evaluate_all("cells => cells.map(cell => cell.offsetWidth)")) > 250
    # And the list leads to the version before, byte for byte
    page.get_by_role("link", name="The version in force, and those before it").click()
    expect(page.locator("main")).to_contain_text("There is a new telephone number.")
    axe(page)
    assert fits(page)
    page.get_by_role("link", name="Version 1").click()
    expect(page.locator("main")).to_contain_text("(503) 555-0142")
    answer = page.request.get(f"/p/{owner.practice.slug}/v1/")
    assert answer.text() == old
    # And on paper it is dark on white
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert brightness(colours[0]) < 90 and (brightness(colours[1]) > 240 or colours[1] == "rgba(0, 0, 0, 0)"), colours
    # And no cookie was set
    assert page.context.cookies() == []


def brightness(colour: str) -> float:
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    return (red + green + blue) / 3


@pytest.mark.promise("B3")
def test_the_snippet_stands_in_somebody_elses_page(door: Door, draft: Version, owner: Membership, axe: Any) -> None:
    # Given the snippet for the practice's own website
    version = publish(draft, owner)
    page = door.open(owner)
    page.goto(f"/policy/{version.uid}/website/")
    axe(page)
    snippet = page.locator("#fragment").input_value()
    # When it is pasted into a page without any style
    site = door.open(width=360)
    site.set_content(f'<!DOCTYPE html><html lang="en"><title>Site</title><main><h1>Site</h1>{snippet}</main></html>')
    # Then it is whole, and asks for nothing
    expect(site.locator("main")).to_contain_text("Harbour Lane Therapy")
    axe(site)


@pytest.mark.promise("B4")
def test_a_second_person_approves_in_a_browser_of_their_own(door: Door, axe: Any, transactional_db: None) -> None:
    from django.utils import timezone

    # Given a group practice in which a second person approves
    owner = create_practice(
        name="Two Rivers", owner_email="ana@c.example", owner_name="Ana Silva", password=PASSWORD,
        two_person_rule=True, at=timezone.now(),
    )  # fmt: skip
    second = add_member(actor=owner, email="bo@c.example", name="Bo Lind", role=Role.SUPERVISOR, at=timezone.now())
    version = begin(owner)
    author, reviewer = door.open(owner), door.open(second, width=360)
    # When the author asks for review
    author.goto(f"/policy/{version.uid}/check/")
    expect(author.get_by_role("button", name="Publish")).to_have_count(0)
    author.get_by_role("button", name="Ask for review").click()
    expect(author.get_by_role("heading", level=1)).to_have_text("In review")
    axe(author)
    # Then the author cannot approve it, neither by a button nor past it
    expect(author.get_by_role("button", name="Approve")).to_have_count(0)
    token = author.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    author.request.post(
        f"/policy/{version.uid}/approve/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": f"{door.address}/"},
    )
    version.refresh_from_db()
    assert version.state == "in-review"
    author.goto("/")
    expect(author.locator("main")).not_to_contain_text("waits for your approval")
    # When the second person finds it on Today and approves it
    reviewer.goto("/")
    expect(reviewer.locator("main")).to_contain_text("A policy waits for your approval")
    axe(reviewer)
    reviewer.get_by_role("link", name=re.compile("Read it: A policy waits for your approval")).click()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("Approved, and not yet published")
    axe(reviewer)
    # Then the author publishes it, and both stand on its page
    author.goto(f"/policy/{version.uid}/")
    author.get_by_role("button", name="Publish").click()
    expect(author.get_by_role("heading", level=1)).to_have_text("Version 1 is in force")
    expect(author.locator("dl.answers").last).to_contain_text(re.compile(r"Approved by\s+Bo Lind"))
    version.refresh_from_db()
    assert (version.approved_by, version.published_by) == (second, owner)


# --- Two spellings ------------------------------------------------------------------------------------------------

BRITISH = re.compile(r"\b(practise|counsellor|counselling|behaviour|colour|organis\w+|recognis\w+|licence)\b", re.I)
AMERICAN = re.compile(r"\b(counselor|counseling|behavior|color|organiz\w+|recogniz\w+|license)\b", re.I)


def said(page: Page, addresses: list[str]) -> str:
    found = []
    for address in addresses:
        page.goto(address)
        found.append(page.locator("body").inner_text())
    return "\n".join(found)


@pytest.mark.promise("A11")
@pytest.mark.parametrize("place", ["US", "UK"])
def test_each_practice_reads_its_own_english(door: Door, transactional_db: None, place: str) -> None:
    from django.utils import timezone

    # Given an American or a British practice, with names that have no spelling of their own
    american = place == "US"
    language = "en-US" if american else "en-GB"
    owner = create_practice(
        name="Elm Road", owner_email="a@elm.example", owner_name="A. Elm", password=PASSWORD, at=timezone.now(),
        country=place, language=language, time_zone="UTC",
    )  # fmt: skip
    place_answers: dict[str, Any] = (
        {"country": "US", "region": "US-OR"} if american else {"country": "UK", "region": "UK-ENG"}
    )
    version = begin(
        owner, **place_answers, profession="counsellor", practice_name="Elm Road", therapist_name="A. Elm",
        board_name="The Board", board_contact="board.example", address="1 Elm Road",
    )  # fmt: skip
    page = door.open(owner)
    # When its pages and documents are read
    stem = f"/policy/{version.uid}"
    interface = said(
        page, [f"{stem}/q/{screen}/" for screen in ("country", "profession", "licence")] + [f"{stem}/check/"]
    )
    texts = {"interface": interface, "text": said(page, [f"{stem}/text/"])}
    for name in ("policy", "notices", "talking-points"):
        texts[name] = page.request.get(f"{stem}/documents/{name}.md").text()
    # Then each is in its own spelling
    wrong, right = (BRITISH, AMERICAN) if american else (AMERICAN, BRITISH)
    for name, text in texts.items():
        strayed = [match.group() for match in wrong.finditer(re.sub(r"https?://\S+|British \(.*?\)", "", text))]
        assert strayed == [], (name, strayed)
    assert right.search(texts["interface"])
    assert ("Where do you practice?" in interface) is american
    assert page.locator("html").get_attribute("lang") == language.lower()


@pytest.mark.promise("B4")
def test_a_second_version_says_what_changed(door: Door, draft: Version, owner: Membership, axe: Any) -> None:
    # Given a version in force, and a draft that follows it with another number
    publish(draft, owner)
    page = door.open(owner, width=360)
    page.goto(f"/policy/{draft.uid}/")
    page.get_by_role("button", name="Start a new version from it").click()
    expect(page).to_have_url(re.compile(r"/check/$|/q/"))
    second = Version.objects.get(state="draft")
    page.goto(f"/policy/{second.uid}/q/contact/?to=check")
    page.locator("#id_phone").fill("(503) 555-0199")
    page.get_by_role("button", name="Keep and return to the check").click()
    # Then the check leads to publishing from its top, with a proposal of what changed
    page.get_by_role("link", name="On to publishing").click()
    note = page.get_by_label("What changed, in plain words")
    expect(note).to_have_value(re.compile("^Changed: “Ways to reach me”"))
    axe(page)
    # When the note is emptied, nothing is published, and the way to the field is named
    note.fill("  ")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was published yet")
    axe(page)
    assert fits(page)
    page.get_by_role("link", name="What changed, in plain words").click()
    expect(note).to_be_focused()
    # And with a sentence it is
    note.fill("There is a new telephone number.")
    page.get_by_label("Editorial").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 2 is in force")
    # And the first one says what took its place
    page.goto(f"/policy/{draft.uid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 1 was replaced by version 2")
    axe(page)
    page.goto(f"/p/{owner.practice.slug}/versions/")
    expect(page.locator("section").last).to_contain_text("Replaced by version 2.")
