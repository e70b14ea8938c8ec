"""The words we put over those of our building blocks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client

from doorframe.apps.members.models import Language
from doorframe.web.templatetags.web import browser


def catalogues() -> list[Path]:
    from django.conf import settings

    return sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))


def test_every_language_of_a_practice_has_its_catalogue() -> None:
    assert {path.parent.parent.name.replace("_", "-") for path in catalogues()} == set(Language.values)


def words(catalogue: Catalog) -> dict[str, str]:
    return {str(_plain(one.id)): str(_plain(one.string)) for one in catalogue if one.id and one.string}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.promise("A11")
@pytest.mark.parametrize("source", catalogues(), ids=lambda path: path.parent.parent.name)
def test_a_compiled_catalogue_says_what_its_source_says(source: Path) -> None:
    written = words(read_po(BytesIO(source.read_bytes())))
    compiled = words(read_mo(BytesIO(source.with_suffix(".mo").read_bytes())))
    assert written == compiled
    assert len(written) > 50


@pytest.mark.parametrize("language", ["en-gb", "en-us"])
def test_the_sign_in_page_speaks_like_us(client: Client, db: None, language: str) -> None:
    page = client.get("/me/login/", headers={"Accept-Language": language}).content.decode()
    assert "E-mail address" in page
    answer = client.post("/me/login/", {"login": "a@b.example", "password": "x"}, headers={"Accept-Language": language})
    assert "do not fit together" in answer.content.decode()


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_as_people_say(agent: str, said: str) -> None:
    assert browser(agent) == said
