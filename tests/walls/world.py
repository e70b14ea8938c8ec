"""One practice in which everybody and everything is there once, and the address of each thing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from doorframe.apps.accounts import actions as accounts
from doorframe.apps.accounts.seed import ACCOUNTS
from doorframe.apps.authorisations.actions import answering as stories
from doorframe.apps.authorisations.actions import writing as story
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Status
from doorframe.apps.connections.actions import endpoints, tokens
from doorframe.apps.connections.events import Told
from doorframe.apps.jobs import runner
from doorframe.apps.mail.models import Letter
from doorframe.apps.members.actions import add_member, create_practice, invite
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions as policies
from doorframe.apps.posts.actions import writing as posts
from doorframe.apps.signatures import queries, sitting
from doorframe.apps.signatures import tokens as secrets
from doorframe.apps.signatures.actions import answering, asking, evidence, questions, visits
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Prompt, Scan
from tests.answers import COMPLETE

BACKEND = "doorframe.apps.members.backends.MemberBackend"
PASSWORD = "a quiet long password"


@dataclass(frozen=True)
class Address:
    """One row of the table of addresses: its name, its path with places for arguments, and the view behind it."""

    name: str
    path: str
    view: Any
    arguments: tuple[str, ...]


def addresses(resolver: Any = None, before: str = "/", space: str = "") -> Iterator[Address]:
    """Every address that the application answers, in the order of the table."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, before + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            path = before + str(pattern.pattern)
            arguments = tuple(re.findall(r"<(?:\w+:)?(\w+)>", path))
            yield Address(f"{space}{pattern.name or path}", path, pattern.callback, arguments)


@dataclass
class World:
    """Who is there, and what. `things` maps an argument, or "address:argument", to a value that exists."""

    people: dict[str, Membership]
    stranger: Membership
    things: dict[str, Any] = field(default_factory=dict)
    api_key: str = ""
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def browser(self, who: str, *, csrf: bool = False) -> Browser:
        """A browser of one of the people, of "stranger" (another practice's owner), of a reader, or of "nobody"."""
        browser = Browser(enforce_csrf_checks=csrf, raise_request_exception=False)
        if who in self.cookies:
            browser.cookies = SimpleCookie(self.cookies[who].output(header="", sep=";"))
        return browser

    def sign_in(self) -> None:
        """Everybody signs in once; what a request makes of it is undone with the rest."""
        for who, member in {**self.people, "stranger": self.stranger}.items():
            browser = Browser()
            browser.force_login(member.user, backend=BACKEND)
            self.cookies[who] = browser.cookies

    def filled(self, address: Address, *, unknown: bool = False) -> str:
        """The address with things that exist; or with ones of the same shape that do not."""
        if address.name in _REGEX:
            return _REGEX[address.name]
        values = {name: self._thing(address, name) for name in address.arguments}
        if unknown:
            values = {name: _unknown(value) for name, value in values.items()}
        return _fill(address.path, values)

    def _thing(self, address: Address, argument: str) -> Any:
        for key in (f"{address.name}:{argument}", f"{address.name.partition(':')[0]}:*:{argument}", argument):
            if key in self.things:
                return self.things[key]
        raise AssertionError(f"{address.name} wants {argument!r}: say in tests/walls/world.py which thing that is")


_REGEX = {
    "account_confirm_email": "/me/confirm-email/abc/",
    "account_reset_password_from_key": "/me/password/reset/key/1-abc/",
}


def _fill(path: str, values: dict[str, Any]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), path)


def _unknown(value: Any) -> Any:
    """Something of the same shape that is nowhere. Words of a fixed list stay what they are."""
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=0xFACADE)
    return 987_654 if isinstance(value, int) else value


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


OWN_TABLES = ("django_session", "web_cache", "axes_", "usersessions", "django_cache", "members_user")
"""Where a request may write though it is refused: who signs in from where, and how often somebody tried."""


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change a table of the practice."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, _space, rest = sql.lstrip().partition(" ")
        if verb.upper() in {"INSERT", "UPDATE", "DELETE"} and not any(name in rest[:60] for name in OWN_TABLES):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def work(at: datetime) -> None:
    """What a worker would do at this moment."""
    while runner.run_next(now=lambda: at):
        continue


def build() -> World:
    """Practice A with everybody and everything, and practice B whose owner is the stranger."""
    from django.utils import timezone

    cache.clear()
    now = timezone.now()
    owner = create_practice(
        name="Harbour Lane", owner_email="imani@a.example", owner_name="Dr Imani Cole", password=None, at=now
    )
    stranger = create_practice(
        name="Mill Road", owner_email="jo@b.example", owner_name="Jo Reyes", password=None, at=now
    )
    people = {"owner": owner}
    for name, role in (
        ("clinician", Role.CLINICIAN), ("colleague", Role.CLINICIAN), ("supervisor", Role.SUPERVISOR),
        ("desk", Role.FRONT_DESK), ("moderator", Role.MODERATOR),
    ):  # fmt: skip
        people[name] = add_member(actor=owner, email=f"{name}@a.example", name=name.title(), role=role, at=now)
    world = World(people, stranger)
    _policies(world, owner, now)
    _clients(world, now)
    _stories(world, now)
    _rooms(world, owner, now)
    world.sign_in()
    return world


def publish(owner: Membership, at: datetime, *, material: bool = False, **answers: Any) -> Any:
    """Put a version in force."""
    version = policies.start_version(actor=owner, at=at, answers={**COMPLETE, **answers})
    return policies.publish_version(
        version=version, actor=owner, at=at, change_note="Shorter." if material else "", material=material
    )


def _policies(world: World, owner: Membership, at: datetime) -> None:
    version = publish(owner, at)
    work(at)
    draft = policies.start_version(actor=owner, at=at, answers=COMPLETE)
    world.things |= {
        "policies:*:uid": draft.uid, "screen_id": "practice", "verb": "submit", "name": "policy", "format": "pdf",
        "slug": owner.practice.slug, "number": 1,
    }  # fmt: skip
    for name in ("version", "documents", "download", "embed"):
        world.things[f"policies:{name}:uid"] = version.uid


def _asked(world: World, code: str, at: datetime) -> tuple[Any, Acknowledgement, Any]:
    """A client of the clinician who was asked, and came in by the link."""
    actor = world.people["clinician"]
    person = {"name": "Ana Lima", "email": "ana@post.example"}
    client = clients.add_client(actor=actor, at=at, values={"code": code, "status": Status.CURRENT}, people=[person])
    item = asking.ask(client=client, paper=queries.current_paper(actor.practice), actor=actor, at=at)
    link = asking.send_link(signer=queries.signers(item)[0], actor=actor, at=at)
    visit, secret = visits.open_link(token=secrets.link_token(link.uid), code="", at=at)
    world.cookies[f"reader of {code}"] = SimpleCookie({sitting.COOKIE: secret})
    return client, item, visit


def _clients(world: World, at: datetime) -> None:
    clinician, owner = world.people["clinician"], world.people["owner"]
    done, complete, visit = _asked(world, "HL-1", at)
    answering.sign(visit=visit, signer=visit.signer, at=at, signature=answering.Signature("Ana Lima", "Words."))
    answering.countersign(item=complete, actor=clinician, at=at)
    work(at)
    publish(owner, at, material=True, response_time="within three working days")
    work(at)
    campaign = Campaign.objects.get()
    client, item, visit = _asked(world, "HL-2", at)
    signer = queries.signers(item)[0]
    question = questions.ask_about(
        visit=visit, signer=signer, at=at, clause="email", title="E-mail", text="Do you read my posts?"
    )
    prompt = Prompt.objects.filter(client=done).first() or Prompt.objects.create(
        practice=owner.practice, client=done, kind="yearly", due_on=at.date()
    )
    fresh = asking.send_link(signer=signer, actor=clinician, at=at)
    world.things |= {
        "uid": client.uid, "clients:*:person": client.people.get().uid, "acks:*:uid": item.uid,
        "signer": signer.uid, "acks:ask:uid": client.uid, "capacity": "witness", "acks:question:uid": question.uid,
        "acks:wish-done:uid": question.uid, "acks:talk:uid": done.uid, "kind": prompt.kind,
        "clause": "email", "signatures:page:number": 1, "token": secrets.link_token(fresh.uid),
        "members:join:token": "nothing", "item": campaign.acknowledgements.get().uid,
    }  # fmt: skip
    scan = Scan.objects.create(
        practice=owner.practice, signer=signer, media_type="image/png", data=b"picture", size=7, sha256="0" * 64,
        kept_at=at,
    )  # fmt: skip
    world.things["acks:scan:uid"] = scan.uid
    for name in ("sealed", "verify", "seal-again"):
        world.things[f"acks:{name}:uid"] = complete.uid
    for name in ("campaign", "campaign-start", "campaign-stop", "campaign-reminders"):
        world.things[f"acks:{name}:uid"] = campaign.uid
    pack = evidence.ask_for_pack(actor=owner, at=at, kind="client", client=done)
    for name in ("pack", "progress", "take"):
        world.things[f"acks:evidence-{name}:uid"] = pack.uid
    world.things["acks:campaign-reminders:item"] = campaign.acknowledgements.get().uid


def _stories(world: World, at: datetime) -> None:
    """What the clinician's client allowed: one that is being written, and one that waits for them."""
    actor = world.people["clinician"]
    client = Acknowledgement.objects.get(uid=world.things["acks:*:uid"]).client
    words = {"scope": "Ana Lima slept well.", "purpose": "to give hope", "platforms": ["instagram"],
             "first_on": at.date(), "last_on": at.date() + timedelta(days=9)}  # fmt: skip
    draft, waiting = (story.begin(actor=actor, at=at, clients=[client]) for _number in range(2))
    draft = story.write(item=draft, actor=actor, at=at, values=words)
    waiting = story.write(item=waiting, actor=actor, at=at, values=words)
    waiting = story.prepare(item=waiting, actor=actor, at=at)
    _turn, secret = stories.hand_over(item=waiting, actor=actor, at=at)
    world.cookies["in the room"] = SimpleCookie({"doorframe_room": secret})
    world.things |= {"authorisations:*:uid": waiting.uid, "step": "story"}
    for name in ("write", "check", "discard"):
        world.things[f"authorisations:{name}:uid"] = draft.uid


def _rooms(world: World, owner: Membership, at: datetime) -> None:
    account = accounts.add_account(actor=owner, at=at, values=ACCOUNTS[0])
    sheet = accounts.start_worksheet(actor=owner, at=at, platform="instagram", handle="@lane", kind="professional")
    decided = accounts.start_worksheet(actor=owner, at=at, platform="facebook", handle="Lane", kind="professional")
    type(decided).objects.filter(pk=decided.pk).update(
        outcome="no", decided_by=owner, decided_at=at, record=[], pack="pack"
    )
    token, key = tokens.make_token(
        actor=owner, at=at, name="Diary", ends_at=at + timedelta(days=30), scopes=["read", "screen"]
    )
    post = posts.start_post(actor=owner, at=at, kind="post", platform="instagram", text="Light helps you to sleep.")
    world.api_key = key
    endpoint, _secret = endpoints.add_endpoint(
        actor=owner, at=at, name="Diary", url="https://diary.example/hook", events=[str(Told.MOVED)]
    )
    delivery = endpoints.send_test(endpoint=endpoint, actor=owner, at=at)
    invitation, _token = invite(actor=owner, email="new@a.example", role=Role.CLINICIAN, at=at)
    keyholder = add_member(actor=owner, email="key@a.example", name="Keyholder", role=Role.CLINICIAN, at=at)
    world.things |= {
        "posts:*:uid": post.uid, "posts:step:verb": "withdraw",
        "accounts:*:uid": account.uid, "accounts:worksheet:uid": sheet.uid, "accounts:autosave:uid": sheet.uid,
        "accounts:delete:uid": sheet.uid, "accounts:decision:uid": decided.uid, "accounts:again:uid": decided.uid,
        "accounts:pdf:uid": decided.uid, "mail:again:uid": Letter.objects.latest("pk").uid,
        "connections:*:uid": endpoint.uid, "connections:revoke:uid": token.uid, "message": delivery.uid,
        "members:*:pk": world.people["colleague"].pk, "members:withdraw:pk": invitation.pk,
        "pk": Authenticator.objects.create(user=keyholder.user, type="webauthn", data={}).pk,
        "help-picture:name": "interview.png", "path": "tutorial/1-in-the-browser", "api:paper:number": "1",
        "rest": "nothing",
        "api:*:uid": str(world.things["acks:*:uid"]),
        "api:campaign:uid": str(world.things["acks:campaign:uid"]),
    }  # fmt: skip
