"""`python -m benchmarks.crowd.prepare PRACTICES CLIENTS`: practices with a policy in force, and a link for each client.

Says the path of each link as JSON. Only whoever holds the data folder's secret can make these paths again.
"""

from __future__ import annotations

import json
import sys
import tomllib
from datetime import datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.measure import ANSWERS  # noqa: E402
from doorframe.apps.clients import actions as clients  # noqa: E402
from doorframe.apps.members.actions import create_practice  # noqa: E402
from doorframe.apps.policies import actions as policies  # noqa: E402
from doorframe.apps.signatures import queries, tokens  # noqa: E402
from doorframe.apps.signatures.actions import asking  # noqa: E402
from doorframe.apps.signatures.models import Preferences  # noqa: E402


def practice(number: int, at: datetime) -> Any:
    """The owner of a practice whose policy is published, and in which the client's signature is the last one."""
    owner = create_practice(
        name=f"Harbour Lane {number}", owner_email=f"imani@{number}.example", owner_name="Dr Imani Cole",
        password=None, at=at,
    )  # fmt: skip
    Preferences.objects.create(practice=owner.practice, countersign=False)
    answers = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    version = policies.start_version(actor=owner, at=at, answers=answers.get("answers", answers))
    policies.publish_version(version=version, actor=owner, at=at, change_note="First.")
    return owner


def door(owner: Any, name: str, at: datetime) -> str:
    """The path of the link that was sent to a new client."""
    people = [{"name": f"Ana Lima {name}", "email": f"ana.{name}@post.example"}]
    client = clients.add_client(actor=owner, at=at, values={"code": f"C-{name}"}, people=people)
    item = asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=at)
    link = asking.send_link(signer=queries.signers(item)[0], actor=owner, at=at)
    return f"/c/{tokens.link_token(link.uid)}/"


def main(practices: int, count: int) -> None:
    """Make the tables, then everybody."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    owners = [practice(number, timezone.now()) for number in range(practices)]
    print(json.dumps([door(owners[each % practices], str(each), timezone.now()) for each in range(count)]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
