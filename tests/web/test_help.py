"""The documentation inside the application: every page opens, every link leads somewhere, search finds."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from doorframe.apps.members.models import Membership
from doorframe.web.help import library, render, search

PAGES = sorted(library.pages())
# Long tables of content take seconds to follow link by link, and tests/test_docs.py follows those.
FOLLOWED = [path for path, page in library.pages().items() if page.area != "reference"]


@pytest.fixture
def reader(client: Client, owner: Membership) -> Client:
    """A browser in which the owner has signed in."""
    client.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    return client


def soup(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.promise("L7")
def test_the_contents_list_names_every_page(reader: Client) -> None:
    listed = {str(link["href"]) for link in soup(reader, "/help/").select(".help-contents a")}
    assert listed == {f"/help/{path}/" for path in PAGES}
    assert {page.area for page in library.pages().values()} == {
        "tutorial",
        "how-to",
        "explanation",
        "reference",
        "evaluation",
        "decisions",
    }


@pytest.mark.promise("L7")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_needs_no_other_host(reader: Client, path: str) -> None:
    page = soup(reader, f"/help/{path}/")
    assert [one.get_text() for one in page.find_all("h1")] == [library.pages()[path].title.replace("`", "")]
    for found in page.find_all(["img", "script", "link"]):
        assert str(found.get("src") or found.get("href")).startswith("/")
    ids = [str(found["id"]) for found in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert not page.select("article [style], article script, article iframe")


@pytest.mark.parametrize("path", FOLLOWED)
def test_every_link_of_a_page_leads_somewhere(reader: Client, path: str) -> None:
    here = f"/help/{path}/"
    for link in soup(reader, here).select("article a"):
        target, anchor = urldefrag(str(link["href"]))
        if target.startswith("http"):
            continue
        there = soup(reader, urljoin(here, target) if target else here)
        if anchor:
            assert there.find(id=anchor), f"{path} leads to {link['href']}"


def test_pictures_are_served_and_nothing_beside_them(reader: Client) -> None:
    for picture in soup(reader, "/help/tutorial/1-in-the-browser/").select("article img"):
        answer = reader.get(str(picture["src"]))
        assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
        assert b"".join(answer.streaming_content)[:4] == b"\x89PNG"  # type: ignore[attr-defined]
        assert picture["alt"]
    for name in ("nothing.png", "..%2Fpromises.toml", "%2e%2e%2freference%2fpromises.toml", "..png"):
        assert reader.get(f"/help/pictures/{name}", follow=True).status_code == 404


@pytest.mark.parametrize("address", ["/help/how-to/nothing/", "/help/../settings/", "/help/reference/promises.toml/"])
def test_a_page_that_is_not_there_is_not_found(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/help/how-to/back-up/", "/help/search/?q=x", "/help/pictures/policy.png"])
def test_strangers_are_asked_to_sign_in(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/me/login/")


@pytest.mark.promise("L7")
@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("postgresql", "how-to/use-postgresql"),
        ("second person", "explanation/two-people"),
        ("Back UP restore", "how-to/back-up"),
        ("reading grade syllables", "explanation/reading-grade"),
        ("DOORFRAME_SMTP_HOST", "reference/settings"),
        ("friend requests", "reference/questions"),
    ],
)
def test_search_finds_without_a_script(reader: Client, query: str, path: str) -> None:
    page = soup(reader, f"/help/search/?q={query}")
    found = [str(link["href"]).split("#")[0] for link in page.select(".help-hits a")]
    assert f"/help/{path}/" in found[:10]  # what to do stands before why
    assert str(page.select_one("input[name=q]")["value"]) == query  # type: ignore[index]


@pytest.mark.promise("L7")
@pytest.mark.parametrize(
    ("query", "path", "heading"),
    [
        ("backup", "how-to/back-up", "Back up"),
        ("invite", "how-to/begin-your-own-practice", "Invite people"),
        ("lost phone", "how-to/sign-in", "A lost phone"),
        ("sign in", "how-to/sign-in", "Sign in"),
        ("passkey", "how-to/sign-in", "passkey"),
        ("forgotten password", "how-to/sign-in", "A forgotten password"),
        ("delete", "how-to/delete", "Delete"),
        ("export", "how-to/import-answers", "Export"),
        ("website", "how-to/put-it-on-your-website", "website"),
        ("How do I change my name?", "how-to/sign-in", "your name"),
    ],
)
def test_an_everyday_word_leads_to_what_to_do(query: str, path: str, heading: str) -> None:
    first = search.search(query)[0].section
    assert (first.page.path, heading in f"{first.page.title}: {first.heading}") == (path, True), first.heading


@pytest.mark.parametrize("query", ["backup", "policy", "account", "second person", "passkey", "trail", "country"])
def test_what_to_do_comes_first_and_decisions_last(query: str) -> None:
    order = ["tutorial how-to", "explanation", "reference", "evaluation", "decisions"]
    found = [next(number for number, areas in enumerate(order) if hit.section.page.area in areas.split())
             for hit in search.search(query)]  # fmt: skip
    assert found == sorted(found) and found[0] == 0


def test_the_words_that_were_found_are_marked(reader: Client) -> None:
    marked = {mark.get_text().casefold() for mark in soup(reader, "/help/search/?q=Triggers").select(".help-hits mark")}
    assert marked == {"triggers"}


def test_every_word_must_be_there() -> None:
    assert search.search("postgresql")
    assert not search.search("postgresql zebra")


def test_the_excerpt_holds_the_section_s_own_words() -> None:
    for hit in search.search("chain"):
        words = "".join(piece for piece, _found in hit.excerpt).removeprefix("… ").removesuffix(" …")
        assert words in hit.section.words


@pytest.mark.parametrize(
    "query", ["", "   ", "!?", "<script>alert(1)</script>", "\x00", "a" * 5000, "‮עברית", "(((", "%"]
)
def test_odd_queries_do_no_harm(reader: Client, query: str) -> None:
    answer = reader.get("/help/search/", {"q": query})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_markup_in_a_page_stays_text() -> None:
    page = library.Page("how-to/x", "how-to", "X", "", '# X\n\n<script>alert(1)</script> <b onclick="x">b</b>\n')
    body = str(render.render(page).body)
    assert "<script" not in body and "<b " not in body


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("back-up.md", "/help/how-to/back-up/"),
        ("../reference/law.md#boards", "/help/reference/law/#boards"),
        ("#here", "#here"),
        ("https://example.org/a.md", "https://example.org/a.md"),
    ],
)
def test_links_stay_inside_the_application(target: str, leads: str) -> None:
    assert render.address(target, "how-to/verify-the-trail") == leads


def test_a_table_s_columns_are_aligned_by_class() -> None:
    page = library.Page("how-to/x", "how-to", "X", "", "# X\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n")
    body = str(render.render(page).body)
    assert "style=" not in body and '<td class="right">2</td>' in body


def test_headings_of_the_same_name_get_addresses_of_their_own() -> None:
    assert [one.anchor for one in render.headings("# A b\n## C, d!\n## C, d!\n## `E_f` g")] == [
        "a-b", "c-d", "c-d-1", "e_f-g",
    ]  # fmt: skip
