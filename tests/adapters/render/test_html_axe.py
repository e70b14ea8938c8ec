"""The page and the fragment in a real browser: nothing for axe, nothing wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from doorframe.adapters.render import html
from tests.adapters.render import samples

AROUND = '<!DOCTYPE html><html lang="en"><head><title>A site</title></head><body><main>{}</main></body></html>'


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.promise("B2")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_clean_at_every_width_and_in_the_dark(page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    for document in (samples.POLICY, samples.DRAFT, samples.named(samples.NASTY_NAMES[-1])):
        page.set_content(html.page(document))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.promise("B2")
@pytest.mark.parametrize("provenance", [False, True])
def test_the_fragment_is_clean_inside_another_page(page: Page, provenance: bool) -> None:
    page.set_content(AROUND.format(html.fragment(samples.POLICY, provenance=provenance)))
    assert violations(page) == []


def test_axe_would_notice(page: Page) -> None:
    page.set_content(AROUND.format('<h1>Title</h1><img src="data:,">'))
    assert any(found.startswith("image-alt") for found in violations(page))
