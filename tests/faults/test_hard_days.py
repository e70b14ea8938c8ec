"""A full disk, a clock that jumps, mail that is down, a database that others hold: nothing is lost or doubled."""

from __future__ import annotations

import html
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.signing.installation import SIGN, Client, Installation

pytestmark = [pytest.mark.promise("L4")]

DAY = 24 * 3600.0
WORDS = "What does <b>friending</b> mean for my sister & me?"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """It waits a second, not twenty, for a database that somebody else holds."""
    made = Installation(tmp_path_factory.mktemp("hard-days"), FAULTS_PATIENCE="1")
    yield made
    made.close()


@pytest.fixture
def client(installation: Installation) -> Client:
    """Somebody who has read to the end and is about to sign."""
    return installation.clients(1)[0]


def is_once(client: Client) -> None:
    """Signed, sealed and sent once, and the chain is whole."""
    found = client.facts()
    assert (found["state"], found["signed"], found["seals"], found["sealed"]) == ("complete", 1, 1, 1)
    assert [state for _id, state in found["copies"]] == ["sent"] and client.letters(found) == [1]
    assert found["whole"]


def is_sorry(said: dict[str, Any], *kept: str) -> None:
    """The page says that nothing was kept, and holds what was typed, to be sent once more."""
    assert said["status"] == 503
    assert "was not kept. It is still on this page." in said["text"]
    for words in kept:
        assert html.escape(words) in said["text"]


@contextmanager
def full(installation: Installation) -> Iterator[dict[str, int]]:
    """No room for more: a limit on the size of files, or on a server the error that it gives when its disk is full."""
    if not installation.database.suite:
        yield {"most": 1024}
        return
    refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'No space left on"
    installation.database.rows(f"{refuse} device' USING ERRCODE = '53100'; END $$")
    for table in ("trail_head", "signatures_seal", "signatures_question"):
        installation.database.rows(
            f"CREATE TRIGGER a_full BEFORE INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
        )
    try:
        yield {}
    finally:
        installation.database.rows("DROP FUNCTION refuse() CASCADE")


@contextmanager
def held(installation: Installation, seconds: float) -> Iterator[None]:
    """Another process holds the database, for so long."""
    if installation.database.suite:
        import psycopg

        keeper: Any = psycopg.connect(installation.database.url)
        keeper.execute("LOCK TABLE signatures_acknowledgement IN ACCESS EXCLUSIVE MODE")
    else:
        keeper = sqlite3.connect(installation.database.file, isolation_level=None, check_same_thread=False)
        keeper.execute("BEGIN IMMEDIATE")
    release = threading.Timer(seconds, keeper.rollback)
    release.start()
    try:
        yield
    finally:
        release.join()
        keeper.close()


def test_a_full_disk_while_signing_keeps_what_was_typed(installation: Installation, client: Client) -> None:
    with full(installation) as limit:
        said = client.sign(**limit)["said"]
        is_sorry(said, "Ana Lima")
        asked = "/read/ask/friending/"
        is_sorry(installation.do("browse", path=asked, secret=client.secret, fields={"text": WORDS}, **limit), WORDS)
    found = client.facts()
    assert (found["answer"], found["signed"], found["asked"], found["jobs"]) == ("", 0, 0, 0) and found["whole"]
    assert client.sign()["said"]["status"] == 302
    installation.work_until_idle()
    is_once(client)


def test_a_full_disk_while_sealing_only_takes_longer(installation: Installation, client: Client) -> None:
    assert client.sign()["said"]["status"] == 302
    with full(installation) as limit:
        installation.ask("work", **limit)
        found = client.facts()
        assert (found["state"], found["seals"], found["copies"]) == ("complete", 0, []) and found["whole"]
    installation.work_until_idle()
    is_once(client)


def test_a_clock_set_back_a_day_between_two_steps(installation: Installation, client: Client) -> None:
    assert client.sign(clock=-DAY)["said"]["status"] == 302
    assert client.sign(clock=-DAY)["said"]["status"] == 409, "signed is signed, whatever the clock says"
    installation.do("work", clock=-DAY)
    installation.do("work")
    installation.work_until_idle()
    is_once(client)


def test_a_clock_set_back_opens_no_link_that_was_opened_or_ended(installation: Installation, client: Client) -> None:
    for clock in (0.0, -DAY, -30 * DAY):
        assert installation.do("browse", path=client.door, fields={}, clock=clock)["status"] == 410
    other = installation.do("invite", count=1)[0]
    installation.database.rows(f"UPDATE signatures_link SET revoked_at = created_at WHERE signer_id IN ({of(other)})")
    assert installation.do("browse", path=other["door"], fields={}, clock=-DAY)["status"] == 410


def of(invited: dict[str, Any]) -> str:
    return f"SELECT id FROM signatures_signer WHERE acknowledgement_id = {invited['item']}"


def test_a_mail_server_that_is_down_for_a_day_gets_every_letter_once(
    installation: Installation, client: Client
) -> None:
    assert client.sign()["said"]["status"] == 302
    installation.office.close()
    clock, tries = 0.0, 0
    while clock < DAY:
        installation.do("work", clock=clock)
        tries += 1
        due = datetime.fromisoformat(installation.do("next_due"))
        clock = (due - datetime.now(UTC) + timedelta(seconds=1)).total_seconds()
    found = client.facts()
    assert found["seals"] == 1 and [state for _id, state in found["copies"]] == ["waiting"]
    assert client.letters(found) == [0]
    assert 24 <= tries <= 48, "often enough to be soon, and seldom enough to be no nuisance"
    installation.office.open()
    installation.do("work", clock=clock)
    is_once(client)


def test_a_database_that_others_hold_for_a_moment_only_takes_longer(installation: Installation, client: Client) -> None:
    with held(installation, 0.4):
        began = time.monotonic()
        assert client.sign()["said"]["status"] == 302
        assert time.monotonic() - began > 0.2, "it did wait"
    installation.work_until_idle()
    is_once(client)


def test_a_database_that_others_hold_for_long_says_so_and_keeps_the_words(
    installation: Installation, client: Client
) -> None:
    with held(installation, 4):
        is_sorry(client.send("/read/sign/", **SIGN), "Ana Lima")
        is_sorry(client.send("/read/ask/friending/", text=WORDS), WORDS)
    found = client.facts()
    assert (found["answer"], found["signed"], found["asked"]) == ("", 0, 0)
    assert client.send("/read/ask/friending/", text=WORDS)["status"] == 200
    assert client.sign()["said"]["status"] == 302
    installation.work_until_idle()
    is_once(client)
    assert client.facts()["asked"] == 1


def test_a_door_stays_shut_and_whole_while_the_database_is_held(installation: Installation) -> None:
    invited = installation.do("invite", count=1)[0]
    with held(installation, 4):
        assert installation.do("browse", path=invited["door"], fields={})["status"] == 503
    assert installation.do("browse", path=invited["door"], fields={})["status"] == 302, "it was not used up"
