"""Small exports as the programs write them, by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from doorframe.adapters.conversations.found import Conversation, Told

Row = tuple[str, str, str]
"""Id, author, text."""


def taken(module: Any, data: bytes | str, told: Told | None = None) -> tuple[dict[str, list[Row]], Told]:
    """What a format reads: the messages of each conversation."""
    told = told or Told()
    stream = BytesIO(data.encode() if isinstance(data, str) else data)
    return rows(module.read(stream, told)), told


def rows(conversations: Iterator[Conversation]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for one in conversations:
        found.setdefault(one.id, []).extend((message.id, message.author, message.text) for message in one.messages)
    return found


CSV = (
    "\ufeffchannel,message_id,author,date,content\r\n"
    'night-room,1,Ana,2024-03-02 21:14,"I slept, finally"\r\n'
    'grief,7,Ola,2024-03-02 21:15,"First line\nsecond line"\r\n'
    'night-room,2,Ben,2024-03-02 21:16,"She said ""no"" and left"\r\n'
)

JSON = json.dumps(
    {
        "name": "carers",
        "messages": [
            {"id": 1, "type": "message", "date": "2024-03-02T21:14:00", "from": "Ana", "text": "Hello there"},
            {"id": 2, "type": "service", "date": "2024-03-02T21:15:00", "action": "invite", "text": ""},
            {"id": 3, "type": "message", "from": "Ben", "text": ["Look ", {"type": "bold", "text": "here"}, "."]},
        ],
    }
)

DISCORD = json.dumps(
    {
        "guild": {"id": "1", "name": "Harbour"},
        "channel": {"id": "22", "type": "GuildTextChat", "category": "Talk", "name": "night-room"},
        "dateRange": {"after": None, "before": None},
        "messages": [
            {"id": "100", "type": "Default", "timestamp": "2024-03-02T21:14:05.123+00:00", "content": "Anyone up?",
             "author": {"id": "5", "name": "ana.l", "nickname": "Ana", "isBot": False}},
            {"id": "101", "type": "GuildMemberJoin", "timestamp": "2024-03-02T21:14:06+00:00", "content": "Joined.",
             "author": {"id": "6", "name": "ben", "nickname": "Ben", "isBot": False}},
            {"id": "102", "type": "Reply", "timestamp": "2024-03-02T21:15:00+01:00", "content": "Me",
             "author": {"id": "7", "name": "ana.2", "nickname": "Ana", "isBot": False}},
            {"id": "103", "type": "Default", "timestamp": "2024-03-02T21:16:00+00:00", "content": "",
             "attachments": [{"fileName": "cat.png"}], "author": {"id": "5", "name": "ana.l", "nickname": "Ana"}},
        ],
        "messageCount": 4,
    }, indent=2,
)  # fmt: skip

SLACK: dict[str, object] = {
    "users.json": [
        {"id": "U1", "name": "ana", "profile": {"display_name": "Ana", "real_name": "Ana Lima"}},
        {"id": "U2", "name": "ben", "profile": {"display_name": "", "real_name": "Ben Ode"}},
    ],
    "channels.json": [{"id": "C1", "name": "carers"}],
    "carers/2024-03-03.json": [
        {"type": "message", "user": "U2", "text": "Next day", "ts": "1709500000.000100"},
    ],
    "carers/2024-03-02.json": [
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "joined", "ts": "1709413000.000100"},
        {"type": "message", "user": "U1", "text": "Hi <@U2> &amp; all, see <https://x.org|this>",
         "ts": "1709413200.000200", "thread_ts": "1709413200.000200", "reply_count": 1},
        {"type": "message", "user": "U2", "text": "In &lt;between&gt;", "ts": "1709413210.000300"},
        {"type": "message", "user": "U2", "text": "Thanks", "ts": "1709413220.000400",
         "thread_ts": "1709413200.000200"},
    ],
}  # fmt: skip

ANDROID_UK = """31/12/2023, 21:14 - Messages and calls are end-to-end encrypted.
31/12/2023, 21:15 - Ana created group "Carers"
31/12/2023, 21:16 - Ana Lima: Good evening
how is everybody?
31/12/2023, 21:17 - +44 7700 900123: <Media omitted>
31/12/2023, 21:18 - Ben: IMG-1.jpg (file attached)
my garden
31/12/2023, 21:19 - Ana Lima: This message was deleted
31/12/2023, 21:20 - Ben changed the subject from "Carers: old" to "Carers: new"
01/01/2024, 00:01 - Ben: Happy new year: all the best <This message was edited>
"""

IOS_US = (
    "\u200e[12/31/23, 9:14:03\u202fPM] Carers: \u200eMessages and calls are end-to-end encrypted.\r\n"
    "[12/31/23, 9:15:03\u202fPM] ~\u202fAna: Good evening\r\n"
    "\u200e[12/31/23, 9:16:00\u202fPM] Ben: \u200eimage omitted\r\n"
    "[1/1/24, 12:01:00\u202fAM] Ben: Happy new year\r\n"
)

MBOX = """From ana@example.org Sat Mar  2 21:14:00 2024
From: Ana Lima <ana@example.org>
Subject: [carers] Nights
Message-ID: <1@example.org>
Date: Sat, 2 Mar 2024 21:14:00 +0000

I cannot sleep.
>From tomorrow I will try tea.

--\x20
Ana, sent from a boat

From ben@example.org Sat Mar  2 22:00:00 2024
From: "Ben Ode" <ben@example.org>
Subject: Re: [carers] Nights
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>
Date: Sat, 2 Mar 2024 23:00:00 +0100
Content-Type: multipart/alternative; boundary="xx"

--xx
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Tea helps. =E2=98=95

On Sat, 2 Mar 2024 at 21:14, Ana Lima <ana@example.org>
wrote:
> I cannot sleep.
> You zebra.
--xx
Content-Type: text/html

<p>Tea helps.</p>
--xx--

From ola@example.org Sat Mar  2 22:05:00 2024
From: ola@example.org
Subject: Meeting
Message-ID: <3@example.org>
Date: nonsense
Content-Type: text/html; charset=x-unknown

<html><head><title>no</title></head><body><p>Tuesday?<br>At six</p><blockquote>old words</blockquote></body></html>
"""
