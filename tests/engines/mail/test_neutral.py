"""Which words tell a stranger of care, and what is left of a name without its profession."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.cli import content_check
from doorframe.engines.content import loader
from doorframe.engines.mail.neutral import example_problems, one_line, plain_name, reveals, without_addresses

WORDS = loader.load_mail()


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    "text",
    [
        "Your therapist", "THERAPY", "psychotherapy", "Counselling", "a counselor", "Harbour Lane Clinic",
        "our next session", "the social media policy", "social-media", "socialmedia", "your treatment", "Mental health",
        "mentalhealth", "a diagnosis", "informed consent", "Dr Cole", "an appointment", "your privacy", "take care",
        "terapia", "TERAPÉUTICO", "psicóloga", "su próxima sesión", "la política", "redes sociales", "consentimiento",
        "tratamiento", "Clínica del Mar", "paciente", "cita", "office@harbourlanetherapy.example",
        "https://harbour-counseling.example", "ＴＨＥＲＡＰＹ", "the\u00adra\u200bpy", "hypno_therapy", "Doorframe",
    ],
)  # fmt: skip
def test_what_tells(text: str) -> None:
    assert reveals(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "", "I said I would send you this.", "Imani Cole", "Your copy is ready", "An answer to your question",
        "something to read", "a medieval tale", "fundamental.org", "Impatience", "obsession",
        "Possession", "Scared", "career", "Ana", "the number you have for me", "Montreat", "Hellas",
    ],
)  # fmt: skip
def test_what_tells_nothing(text: str) -> None:
    assert reveals(text, WORDS) == []


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Dr Imani Cole, PhD", "Imani Cole"),
        ("Dr. Imani Cole, Ph.D., LMFT", "Imani Cole"),
        ("Imani Cole PhD LCSW", "Imani Cole"),
        ("Imani Cole, Clinical Psychologist", "Imani Cole"),
        ("Prof. Dr Jo Reyes | Counselling", "Jo Reyes"),
        ("Dra. Ana María Núñez-Díaz (LCSW)", "Ana María Núñez-Díaz"),
        ("Mx Kim Lee – Therapist", "Kim Lee"),
        ("O'Neil, M.A., LPC-S", "O'Neil"),
        ("Thu Do, MD", "Thu Do"),
        ("Yo-Yo Ma", "Yo-Yo Ma"),
        ("Cole, Imani", "Cole, Imani"),
        ("Imani Cole", "Imani Cole"),
        ("Иман Коул", "Иман Коул"),
        ("Harbour Lane Therapy", ""),
        ("Harbour Lane Therapy, Imani Cole", ""),
        ("Dr", ""),
        ("", ""),
        ("Imani\r\nBcc: all@home.example", "Imani Bcc: all@home.example"),
        ("\u202eeloC inamI", "eloC inamI"),
    ],
)
def test_a_name_without_its_profession(name: str, plain: str) -> None:
    assert plain_name(name, WORDS) == plain


@pytest.mark.promise("C7")
@given(st.text(max_size=120))
def test_a_plain_name_is_one_line_tells_nothing_and_stays_as_it_is(name: str) -> None:
    plain = plain_name(name, WORDS)
    assert len(plain) <= 70 and plain == one_line(plain) and len(plain.splitlines()) <= 1
    assert reveals(plain, WORDS) == []
    assert plain_name(plain, WORDS) == plain


@given(st.text(alphabet=" *?-abc(,.", max_size=200) | st.text(max_size=400))
def test_no_text_makes_it_slow_or_fail(text: str) -> None:
    assert isinstance(reveals(text * 20, WORDS), list)


def test_the_random_part_of_an_address_does_not_count() -> None:
    text = "See https://post.example/r/x-dr-care-citas and call me."
    assert reveals(text, WORDS) and reveals(without_addresses(text), WORDS) == []


def test_a_practice_may_bring_its_own_list(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "revealing.toml").write_text('english = ["harbour*"]\n')
    assert reveals("Harbourside therapy", loader.load_mail(tmp_path)) == ["harbourside"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("revealing.toml", 'english = ["Therapy"]', "small letters"),
        ("revealing.toml", 'english = ["*"]', "more than a star"),
        ("revealing.toml", "french = []", "has no `french`"),
        ("revealing.toml", "english = 1", "must be a list"),
        ("reveal.toml", "english = []", "nothing reads this file"),
    ],
)
def test_a_wrong_list_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / name).write_text(text + "\n")
    with pytest.raises(loader.ContentError, match=says):
        loader.load_mail(tmp_path)


def test_the_examples_of_the_list_hold() -> None:
    assert example_problems(WORDS) == []
    assert len(WORDS.matches) >= 10 and len(WORDS.passes) >= 10


def test_an_example_that_does_not_hold_is_named_by_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail").mkdir()
    text = 'english = ["care*"]\nmatches = ["a cafe"]\npasses = ["a career"]\n'
    (tmp_path / "mail" / "revealing.toml").write_text(text)
    assert content_check.run([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "“a cafe” must be found" in said and "“career” stops it" in said
    (tmp_path / "mail" / "revealing.toml").write_text("french = 1\n")
    assert content_check.run([str(tmp_path)]) == 1
    assert "has no `french`" in capsys.readouterr().out
