"""kill -9 at every step between “Sign” and “copy sent”: all of it is there once, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import pytest

from tests.faults.signing.installation import Client, Installation
from tests.faults.signing.points import SEALING, SENDING, SENT_TWICE, WEB

pytestmark = [pytest.mark.promise("L4")]

CASES = list(zip_longest(WEB, SEALING, SENDING, fillvalue=""))
"""Each client meets up to three deaths: over the signature, over the seal, and over the letter with the copy."""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Client]]:
    """All of one practice, so that its chain has met every death before."""
    installation = Installation(tmp_path_factory.mktemp("kill-points"))
    yield installation.clients(len(CASES))
    installation.close()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_whoever_dies_it_is_signed_sealed_and_sent_once_or_not_at_all(clients: list[Client], number: int) -> None:
    client, (web, sealing, sending) = clients[number], CASES[number]
    installation = client.at
    assert client.sign(die=web)["code"] == (-9 if web else 0)

    found = client.facts()
    absent = {"state": "open", "answer": "", "name": "", "signed": 0, "moved": 0, "jobs": 0}
    complete = {"state": "complete", "answer": "agree", "name": "Ana Lima", "signed": 1, "moved": 1, "jobs": 1}
    assert {key: found[key] for key in absent} in (absent, complete)
    assert found["whole"] and found["seals"] == 0

    # Nothing came back to their browser, so they press once more.
    again = client.sign()
    assert again["code"] == 0 and again["said"]["status"] == (302 if found["state"] == "open" else 409)

    for point in filter(None, (sealing, sending)):
        assert installation.ask("work", die=point)["code"] == -9
        installation.set_back()
    installation.work_until_idle()

    found = client.facts()
    assert {key: found[key] for key in complete} == complete
    assert found["seals"] == found["sealed"] == 1 and found["whole"]
    assert [state for _id, state in found["copies"]] == ["sent"]
    assert client.letters(found) == [2 if sending in SENT_TWICE else 1]


def test_enough_points_are_tried() -> None:
    assert len({*WEB, *SEALING, *SENDING}) >= 50
