"""Letters go out once, through a real mail server that is up, down, moody or hostile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job
from doorframe.apps.mail import actions, rules, sending
from doorframe.apps.mail.models import Letter
from doorframe.apps.mail.states import TRANSITIONS, State, Verb
from doorframe.apps.members.models import Membership
from doorframe.apps.trail.models import Event
from tests.apps.mail.office import KIND, LINK, Desk, PostOffice, post

Send = Callable[..., int]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(owner: Membership) -> list[str]:
    rows = Event.objects.for_practice(owner.practice).filter(name__startswith="mail.").order_by("seq")
    return list(rows.values_list("name", flat=True))


def fresh(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


@pytest.mark.promise("C7")
def test_a_letter_goes_out_once_in_plain_text(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    letter = post(owner, now)
    assert (send(), send(HOUR)) == (1, 0)
    [message] = office.taken
    assert office.envelopes == [("post@letters.example", ["ana@home.example"])]
    assert message["From"] == "Imani Cole <post@letters.example>"
    assert message["Subject"] == "What I said I would send you, Imani Cole"
    assert message["Message-ID"] == f"<{letter.uid}@letters.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Sat, 21 Nov 2026 09:30:00 +0000"
    assert message["Reply-To"] is None and message["List-Unsubscribe"] is None
    assert message.get_content_type() == "text/plain" and not message.is_multipart()
    assert LINK in message.get_content()
    letter = fresh(letter)
    assert (letter.state, letter.attempts, letter.sent_at, letter.error_sentence) == ("sent", 1, now, "")
    assert told(owner) == ["mail.letter.posted", "mail.letter.sent"]


def test_the_row_and_the_job_hold_neither_address_nor_words_nor_link(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    letter = post(owner, now)
    send()
    rows = [*Letter.objects.filter(pk=letter.pk).values(), *Job.objects.values(), *Event.objects.values()]
    kept = "".join(DjangoJSONEncoder().encode(row) for row in rows)
    for word in ("home.example", "ana@", LINK, "post.example", "I said"):
        assert word not in kept


def test_a_letter_exists_only_if_its_change_does(owner: Membership, now: datetime, desk: Desk) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.post(practice=owner.practice, kind=KIND, args={}, at=now)
        raise RuntimeError
    assert not Letter.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("args", [{"name": "Ana Lima"}, {"words": "x" * 81}, {"to": {"a": 1}}])
def test_arguments_are_ids(owner: Membership, now: datetime, desk: Desk, args: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be an id"):
        actions.post(practice=owner.practice, kind=KIND, args=args, at=now)


def test_an_unknown_kind_is_refused(owner: Membership, now: datetime, desk: Desk) -> None:
    with pytest.raises(LookupError, match=r"No kind of letter is called tests\.other"):
        actions.post(practice=owner.practice, kind="tests.other", args={}, at=now)


def test_one_key_is_one_letter_even_after_it_went_out(
    owner: Membership, stranger: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    first = post(owner, now, unique_key="signer-7-reminder-1")
    assert post(owner, now, unique_key="signer-7-reminder-1") == first
    send()
    assert post(owner, now, unique_key="signer-7-reminder-1") == first
    assert post(stranger, now, unique_key="signer-7-reminder-1") != first
    send(HOUR)
    assert len(office.taken) == 2 and told(owner) == ["mail.letter.posted", "mail.letter.sent"]


def test_a_letter_waits_for_its_time(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    post(owner, now, run_at=now + DAY)
    assert (send(DAY - HOUR), len(office.taken)) == (0, 0)
    assert (send(DAY), len(office.taken)) == (1, 1)


@pytest.mark.promise("D2")
def test_a_mail_server_that_is_down_for_a_day_loses_and_doubles_nothing(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.close()
    letters = [post(owner, now) for _one in range(3)]
    tries = sum(send(HOUR * hour) for hour in range(25))
    assert tries >= 3 * 24
    assert {fresh(one).state for one in letters} == {"waiting"}
    assert fresh(letters[0]).error_sentence == "The mail server could not be reached, or broke off."
    office.open()
    send(26 * HOUR)
    send(27 * HOUR)
    assert sorted(office.ids) == sorted(one.message_id for one in letters)
    assert {fresh(one).state for one in letters} == {"sent"}
    assert told(owner).count("mail.letter.sent") == 3


def test_after_two_days_it_is_given_up_and_a_person_may_try_again(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.close()
    letter = post(owner, now)
    for hour in range(51):
        send(HOUR * hour)
    assert fresh(letter).state == "failed"
    assert told(owner) == ["mail.letter.posted", "mail.letter.failed"]
    assert not Job.objects.exclude(state="done").exists(), "the work has ended; the letter remembers"
    office.open()
    actions.try_again(letter=letter, actor=owner, at=now + 3 * DAY)
    send(3 * DAY)
    assert office.ids == [letter.message_id]
    assert told(owner)[2:] == ["mail.letter.retried", "mail.letter.sent"]
    with pytest.raises(rules.NotNow, match="needs no further try"):
        actions.try_again(letter=letter, actor=owner, at=now + 3 * DAY)


def test_a_computer_that_was_off_for_a_week_still_tries(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.close()
    letter = post(owner, now)
    send(7 * DAY)
    assert fresh(letter).state == "waiting"
    office.open()
    send(7 * DAY + HOUR)
    assert fresh(letter).state == "sent"


@pytest.mark.parametrize(
    ("stage", "answer", "sentence"),
    [
        ("answers", "451 later", "took no e-mail for now (answer 451)."),
        ("answers", "421 too many", "took no e-mail for now (answer 421)."),
        ("recipients", "450 greylisted", "for this address for now (answer 450)."),
        ("recipients", "452 mailbox full", "for this address for now (answer 452)."),
        ("answers", "cut", "could not be reached, or broke off."),
    ],
)
def test_what_passes_is_tried_again(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, stage: str, answer: str,
    sentence: str,
) -> None:  # fmt: skip
    setattr(office, stage, [answer])
    letter = post(owner, now)
    assert send() == 1
    assert fresh(letter).state == "waiting" and fresh(letter).error_sentence.endswith(sentence)
    send(HOUR)
    letter = fresh(letter)
    assert (letter.state, letter.attempts, letter.error_sentence) == ("sent", 2, "")
    assert set(office.ids) == {letter.message_id}
    assert len(set(office.raw)) == 1, "a letter that is sent again is the same letter"


@pytest.mark.parametrize(
    ("stage", "answer", "sentence"),
    [
        ("recipients", "550 no such user", "does not exist or takes no e-mail (answer 550)."),
        ("answers", "554 spam", "refused this e-mail (answer 554)."),
    ],
)
def test_what_is_refused_for_good_bounces_at_once(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, stage: str, answer: str,
    sentence: str,
) -> None:  # fmt: skip
    setattr(office, stage, [answer])
    letter = post(owner, now)
    assert (send(), send(DAY)) == (1, 0)
    letter = fresh(letter)
    assert letter.state == "bounced" and letter.error_sentence.endswith(sentence)
    assert "home.example" not in letter.error_sentence
    assert told(owner) == ["mail.letter.posted", "mail.letter.bounced"] and office.taken == []


def test_a_server_that_wants_a_sign_in_is_a_setting_to_mend_not_a_refusal(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, settings: Any
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "doorframe", "wrong"
    letter = post(owner, now)
    send()
    assert fresh(letter).state == "waiting"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    send(HOUR)
    assert fresh(letter).state == "sent"


HOSTILE = ["ana@home.example\r\nBcc: all@home.example", "ana@home.example\nX: y", "a b@home.example", "ana", "",
           "ana@home.example, all@home.example", "ana@home.example\r", "Ana <ana@home.example>", "ana@home.example\x00",
           "ana@home.example\u2028Bcc: b@c.example", "\ud800@home.example"]  # fmt: skip


@pytest.mark.promise("C7")
@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_is_none_is_refused(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, address: str
) -> None:
    desk.to = address
    letter = post(owner, now)
    send()
    assert fresh(letter).state == "bounced" and office.taken == []
    assert "home.example" not in fresh(letter).error_sentence


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@home.example", "Hello\nthere", "Hello\r", "Hello\u2028you"])
def test_a_subject_of_two_lines_is_refused(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, subject: str
) -> None:
    desk.subject = subject
    letter = post(owner, now)
    send()
    assert fresh(letter).state == "bounced" and office.taken == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dr Imani Cole\r\nBcc: all@home.example", '"Imani Cole Bcc: all@home.example" <post@letters.example>'),
        ('Imani "Im" Cole', '"Imani \\"Im\\" Cole" <post@letters.example>'),
        ("Ана Коул", "Ана Коул <post@letters.example>"),
        ("Imani <all@home.example>", '"Imani <all@home.example>" <post@letters.example>'),
        ("Harbour Lane Therapy", "post@letters.example"),
        ("", "post@letters.example"),
    ],
)
def test_a_hostile_or_telling_name_steers_and_tells_nothing(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, name: str, shown: str
) -> None:
    desk.sender_name = name
    post(owner, now)
    send()
    [message] = office.taken
    assert message["From"] == shown and message["Bcc"] is None
    assert office.envelopes == [("post@letters.example", ["ana@home.example"])]


@pytest.mark.promise("C7")
@pytest.mark.parametrize(
    "word", ["therapy", "Your session on Monday", "Sesión", "the policy", "p s y c h: psychologist"]
)
def test_a_letter_that_tells_is_never_sent(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, word: str
) -> None:
    desk.body += word
    letter = post(owner, now)
    assert (send(), send(DAY)) == (1, 0)
    assert fresh(letter).state == "failed" and office.taken == []
    assert "would tell others what it is about" in fresh(letter).error_sentence


def test_a_letter_that_is_no_longer_wanted_is_cancelled(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    desk.wanted = False
    letter = post(owner, now)
    send()
    assert (fresh(letter).state, office.taken) == ("cancelled", [])
    assert told(owner) == ["mail.letter.posted", "mail.letter.cancelled"]


def test_a_room_that_fails_loses_no_letter(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    desk.error = KeyError("Ana Lima")
    letter = post(owner, now)
    send()
    assert fresh(letter).error_sentence == "The e-mail could not be written (KeyError)."
    desk.error = None
    send(HOUR)
    assert fresh(letter).state == "sent"


def test_the_owners_name_and_address_for_answers_are_used(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    actions.change_sender(actor=owner, at=now, name="Imani C", reply_to="imani@cole.example")
    post(owner, now)
    send()
    [message] = office.taken
    assert (message["From"], message["Reply-To"]) == ("Imani C <post@letters.example>", "imani@cole.example")


def test_the_fictional_practice_never_sends(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    owner.practice.is_demo = True
    owner.practice.save()
    letter = post(owner, now)
    send()
    assert office.taken == []
    [file] = list((tmp_path / "outbox").iterdir())
    assert LINK in file.read_text()
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700
    assert fresh(letter).state == "sent" and "outbox folder" in fresh(letter).error_sentence


def test_where_mail_is_switched_off_it_says_so(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    letter = post(owner, now)
    send()
    assert fresh(letter).state == "cancelled" and "switched off" in fresh(letter).error_sentence


def test_with_the_immediate_engine_it_goes_with_the_request(
    owner: Membership, now: datetime, office: PostOffice, desk: Desk, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.JOBS_ENGINE = "immediate"
    with django_capture_on_commit_callbacks(execute=True):
        letter = post(owner, now)
    assert office.ids == [letter.message_id]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(owner: Membership, now: datetime, office: PostOffice, desk: Desk) -> None:
    letters = [post(owner, now) for _one in range(12)]
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait()
        try:
            while runner.run_next(now=lambda: now):
                continue
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(office.ids) == sorted(one.message_id for one in letters)
    assert told(owner).count("mail.letter.sent") == 12


def test_work_that_comes_twice_sends_once(owner: Membership, now: datetime, office: PostOffice, desk: Desk) -> None:
    letter = post(owner, now)
    for _twice in range(2):
        assert sending.send(letter_id=letter.pk, at=now) == "sent"
    assert len(office.taken) == 1 and desk.written == 1


def test_every_state_and_every_step_stands_in_the_table() -> None:
    named = {state for (before, _verb), following in TRANSITIONS.items() for state in (before, following)}
    assert named == set(State) and {verb for _before, verb in TRANSITIONS} == set(Verb)
    assert not any(before in (State.SENT, State.CANCELLED) for before, _verb in TRANSITIONS)


def test_nobody_tries_a_letter_of_another_practice(
    owner: Membership, stranger: Membership, now: datetime, office: PostOffice, desk: Desk, send: Send
) -> None:
    office.recipients = ["550 no"]
    letter = post(owner, now)
    send()
    with pytest.raises(Exception, match="another practice"):
        actions.try_again(letter=letter, actor=stranger, at=now)
    assert actions.try_all_again(actor=stranger, at=now) == 0
    assert fresh(letter).state == "bounced"
