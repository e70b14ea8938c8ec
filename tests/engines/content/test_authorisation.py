"""The forms that allow a story: what is missing, unknown or wrong in them is said with its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorframe.engines.content import loader
from doorframe.engines.content.authorisation import COMMON, ELEMENTS
from tests.engines.practices import pack

FORMS = ("au", "ca", "ca-on", "elsewhere", "ie", "uk", "us")
HIPAA = {
    "information", "who-tells", "who-receives", "purpose", "expiry", "signature", "representative",  # (c)(1)
    "revoke", "how-to-revoke", "revoke-limits", "no-condition", "redisclosure",  # (c)(2)
    "copy",  # (c)(4)
}  # fmt: skip
"""The core elements and the required statements of 45 CFR 164.508(c), and the copy."""


def broken(folder: Path, name: str, old: str, new: str) -> list[str]:
    """What is said of our forms with one piece of one file changed; the file is laid over ours."""
    text = (loader.OWN / "authorisation" / name).read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    path = folder / "authorisation" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in loader.read_authorisation(pack(), folder)[1]]


@pytest.mark.promise("F6")
def test_ours_are_in_order() -> None:
    forms, problems = loader.read_authorisation(pack())
    assert problems == []
    assert sorted(one.id for one in forms.forms) == sorted(FORMS)
    assert [one.id for one in forms.forms if one.fallback] == ["elsewhere"]
    assert len(forms.sha256) == 64


@pytest.mark.promise("F6")
def test_every_form_holds_all_that_it_needs() -> None:
    for one in loader.load_authorisation(pack()).forms:
        told = {element for part in one.parts for element in part.elements}
        assert set(one.needs) <= told and set(COMMON) <= set(one.needs), one.id
        assert told <= set(one.needs), f"{one.id} tells more than it says it needs"


@pytest.mark.promise("F6")
def test_the_american_one_lists_the_parts_of_the_rule() -> None:
    assert set(COMMON) >= HIPAA
    us = next(one for one in loader.load_authorisation(pack()).forms if one.id == "us")
    assert set(us.needs) >= HIPAA | {"payment"}
    cited = {part.id for part in us.parts if "hipaa/164.508(c)" in part.cites}
    assert cited == {part.id for part in us.parts} - {"review"}


CASES = [
    # file, what stands there, what stands there instead, what is said
    ("us.toml", "needs = [", "hue = 1\nneeds = [", "has no `hue`"),
    ("us.toml", 'elements = ["expiry"]', "elements = []", "tells of “expiry”, which it needs"),
    ("us.toml", 'elements = ["expiry"]', 'elements = ["end"]', "not “end”"),
    ("us.toml", '  "information", ', "  ", "“information” is missing from `needs` of “us”"),
    ("us.toml", 'id = "until"', 'id = "sign"', "the id “sign” of a part is taken"),
    ("us.toml", 'id = "until"', 'id = "purpose"', "the id “purpose” of a part is taken"),
    ("us.toml", "hipaa/164.508(c)", "hipaa/164.508(z)", "citation “hipaa/164.508(z)”"),
    ("us.toml", 'cites = ["hipaa/164.508(c)"]', "cites = []", "cites nothing"),
    ("us.toml", 'when = "country:US"', 'when = "country:XX"', "“country” can be"),
    ("us.toml", 'when = "country:US"', 'when = "planet:US"', "called “planet”"),
    ("us.toml", 'when = "country:US"', "fallback = true", "must be the fallback"),
    ("us.toml", 'when = "country:US"\n', "", "only the fallback speaks everywhere"),
    ("us.toml", "Give it to {me}", "Give it to me", "write {I}, {me} or {my}, not “me”"),
    ("us.toml", "Give it to {me}", "Give it to {mee}", "nothing fills the placeholder {mee}"),
    ("us.toml", "Give it to {me}", "Give it to {me", "a brace is open"),
    ("us.toml", 'yes = "', 'yess = "', "needs `yes`"),
    ("us.toml", "id = ", "id = = ", "not valid TOML"),
    ("elsewhere.toml", "fallback = true", 'when = "country:other"', "must be the fallback"),
    ("before.toml", "apa-2017/4.07", "aca-2014/G.5.a", "citation “aca-2014/G.5.a”"),
    ("before.toml", "current = true", "currant = true", "has no `currant`"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_what_is_wrong_is_said(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    found = broken(tmp_path, name, old, new)
    assert any(said in line for line in found), found
    assert all(line.startswith("authorisation") for line in found)


def test_a_form_of_ones_own_is_laid_over_ours(tmp_path: Path) -> None:
    assert broken(tmp_path, "uk.toml", "take this page home", "take this home") == []
    ours, own = loader.load_authorisation(pack()), loader.load_authorisation(pack(), tmp_path)
    assert ours.sha256 != own.sha256 and len(ours.forms) == len(own.forms)
    (tmp_path / "authorisation" / "uk.toml").write_text("", encoding="utf-8")
    with pytest.raises(loader.ContentError):
        loader.load_authorisation(pack(), tmp_path)


def test_every_element_is_told_somewhere() -> None:
    forms = loader.load_authorisation(pack()).forms
    assert {element for one in forms for part in one.parts for element in part.elements} == set(ELEMENTS)
