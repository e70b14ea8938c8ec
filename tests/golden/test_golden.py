"""Nine practices and the documents they get, word for word.

A change of content shows here as a change of prose: run `python -m tests.golden.update` and read the difference.
"""

from __future__ import annotations

import difflib
import re

import pytest

from doorframe.adapters import reading
from doorframe.engines.interview.findings import findings
from tests.golden.profiles import HERE, PROFILES, answers_of, document, markdown, outputs, pack, words_of_topics


def test_there_are_nine_practices_of_different_kinds() -> None:
    assert len(PROFILES) == 9
    facts = {key: {str(answers_of(name)[key]) for name in PROFILES} for key in ("country", "profession", "practice")}
    assert facts["country"] == {"US", "UK", "CA", "AU", "IE"}
    assert len(facts["profession"]) == 5
    assert facts["practice"] == {"solo", "group"}


@pytest.mark.promise("A2")
@pytest.mark.promise("A4")
@pytest.mark.promise("B1")
@pytest.mark.parametrize("output", outputs())
@pytest.mark.parametrize("profile", PROFILES)
def test_the_document_is_the_expected_one(profile: str, output: str) -> None:
    expected = (HERE / profile / f"{output}.md").read_text(encoding="utf-8")
    made = markdown(profile, output)
    changed = "\n".join(difflib.unified_diff(expected.splitlines(), made.splitlines(), lineterm="", n=0))
    assert not changed, f"{changed}\n\nIf these words are better, run: python -m tests.golden.update"


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_keeps_it_from_being_published(profile: str) -> None:
    assert [finding.message for finding in findings(pack(), answers_of(profile)) if finding.blocks] == []


@pytest.mark.promise("A8")
@pytest.mark.parametrize("profile", PROFILES)
def test_the_policy_reads_at_grade_nine_or_lower(profile: str) -> None:
    grades = reading.grades(document(profile, "policy"))
    assert grades.whole <= 9
    assert {title: grade for title, grade in grades.sections if grade > 9} == {}


@pytest.mark.promise("A4")
def test_followers_are_welcome_on_the_public_page_and_nowhere_else() -> None:
    topics = words_of_topics(document("us-counsellor-instagram", "policy"))
    assert topics["following"] == (
        "Following my pages\n"
        "You are welcome to follow my professional pages, and just as welcome not to. "
        "I do not go through the followers to see who is there. "
        "Others may see that you follow a counselor, so pick a name you are easy with.\n"
        "On my personal accounts it is different. I do not accept clients as followers there."
    )
    assert topics["friending"].splitlines()[1] == (
        "For as long as you come here, I do not accept friend or contact requests from you on my personal accounts. "
        "Once the work has been over for at least five years, I may say yes. "
        "I would first want to be sure, with you, that it could do you no harm. "
        "This is no judgment about you. A link that others can see could tell them that you come here, "
        "and it could make it harder to keep the work about you."
    )


@pytest.mark.promise("A4")
def test_soft_answers_stay_soft() -> None:
    topics = words_of_topics(document("uk-person-centred", "policy"))
    assert "I do not usually accept friend or contact requests" in topics["friending"]
    assert "So I look at each request on its own, and I talk with you before I answer it." in topics["friending"]
    assert "I do not follow clients without asking." in topics["follow-back"]
    assert "only where the work gives a clear reason, and only if they agree" in topics["search-engines-for-clients"]
    assert "once I have talked it through with you and you have agreed in writing" in topics["sms-texting"]
    assert "I reply usually within two working days" in topics["email"]


_SINGULAR = re.compile(r"\b(I|me|my|mine|myself)\b")
_PLURAL = re.compile(r"\b(we|us|our|ours|ourselves)\b", re.IGNORECASE)
_IN_HANDS_OF_CLIENTS = ("policy", "appendix", "summary", "talking-points")


@pytest.mark.promise("A2")
@pytest.mark.parametrize("output", _IN_HANDS_OF_CLIENTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_one_voice_from_beginning_to_end(profile: str, output: str) -> None:
    wrong = _SINGULAR if answers_of(profile)["practice"] == "group" else _PLURAL
    found = document(profile, output)
    blocks = [*found.lede, *(block for _, section in found.walk() for block in section.blocks)]
    own = [value for value in answers_of(profile).values() if isinstance(value, str)]
    slips = [
        text
        for text in (block.text for block in blocks)
        if wrong.search(text) and not any(value and value in text for value in own)
    ]
    assert slips == []


_SENT_TO_ONE = re.compile(r"notice-(dm|friend|review-reply|voicemail|email-out)")
_CLINICAL = re.compile(r"\b(therapy|treatment|session|client|patient)\b", re.IGNORECASE)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_reply_tells_that_somebody_is_a_client(profile: str) -> None:
    """Words sent to one person who wrote, rather than words shown to everyone."""
    found = document(profile, "notices")
    replies = [
        block.text.replace(str(answers_of(profile)["practice_name"]), "")
        for _, section in found.walk()
        for block in section.blocks
        if _SENT_TO_ONE.match(block.id) and not block.id.endswith("-where")
    ]
    assert replies
    assert [text for text in replies if _CLINICAL.search(text)] == []
