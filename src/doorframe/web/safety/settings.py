"""Settings that are unsafe by themselves or beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from doorframe.apps.mail.checks import warnings as mail_warnings
from doorframe.apps.members import queries as members
from doorframe.web.env import Env
from doorframe.web.safety.finding import Finding, is_here

LEAST_SECRET = 32
_LEAST_DIFFERENT = 10
_WITH_TLS = {"require", "verify-ca", "verify-full"}


def address(env: Env, now: datetime) -> Iterator[Finding]:
    """A public address without TLS."""
    public = urlsplit(env["DOORFRAME_PUBLIC_URL"])
    if not public.hostname or is_here(public.hostname):
        return
    if public.scheme != "https":
        yield Finding(
            "address-without-https",
            "DOORFRAME_PUBLIC_URL begins with http://, so what clients read and sign can be read on the way.",
            "Put a proxy with a certificate in front, and begin the address with https://.",
        )
    if not env["DOORFRAME_HTTPS"]:
        yield Finding(
            "https-off",
            "DOORFRAME_HTTPS is off while there is a public address, so the sign-in may travel in the clear.",
            "Set DOORFRAME_HTTPS=on once readers come over https.",
        )


def hosts(env: Env, now: datetime) -> Iterator[Finding]:
    """Host names that are not those of the public address."""
    named = env["DOORFRAME_HOSTS"]
    public = urlsplit(env["DOORFRAME_PUBLIC_URL"]).hostname
    if "*" in named:
        yield Finding(
            "any-host",
            "DOORFRAME_HOSTS allows every name, so a stranger's name can get into links that are sent.",
            "Name only the hosts that people use.",
        )
    elif public and not any(_covers(name, public) for name in named):
        yield Finding(
            "host-missing",
            f"DOORFRAME_HOSTS does not name {public}, so nobody can open the public address.",
            f"Set DOORFRAME_HOSTS={public} (and localhost, if you use it on this machine).",
        )


def _covers(name: str, host: str) -> bool:
    return host == name.lower().strip("[]") or (name.startswith(".") and f".{host}".endswith(name.lower()))


def secret_key(env: Env, now: datetime) -> Iterator[Finding]:
    """A key that can be guessed."""
    key = settings.SECRET_KEY
    if len(key) < LEAST_SECRET or len(set(key)) < _LEAST_DIFFERENT:
        yield Finding(
            "weak-secret-key",
            "The secret key is short or simple; whoever guesses it can sign in as anybody.",
            "Leave DOORFRAME_SECRET_KEY empty, or set at least 50 random characters. Everybody signs in again then.",
        )


def demo(env: Env, now: datetime) -> Iterator[Finding]:
    """The fictional practice, open beside a real one or to the world."""
    if not env.is_demo:
        return
    public = urlsplit(env["DOORFRAME_PUBLIC_URL"]).hostname or ""
    if members.any_practice() or not is_here(public):
        yield Finding(
            "demo-open",
            "The fictional practice can be signed in to on a server that is used in earnest.",
            "Put it away on the page of the practice, or set DOORFRAME_DEMO=off.",
        )


def mail(env: Env, now: datetime) -> Iterator[Finding]:
    """Mail that travels in the clear, or tells a stranger what it is about."""
    open_way = env["DOORFRAME_EMAIL"] == "smtp" and env["DOORFRAME_SMTP_SECURITY"] == "none"
    if open_way and not is_here(env["DOORFRAME_SMTP_HOST"]):
        yield Finding(
            "mail-in-the-clear",
            "DOORFRAME_SMTP_SECURITY is none, so every letter and the mail password travel in the clear.",
            "Set it to starttls or tls, as your mail provider says.",
        )
    for sentence in mail_warnings(settings):
        yield Finding("mail-tells", sentence, "Change the setting that is named.")


def database(env: Env, now: datetime) -> Iterator[Finding]:
    """PostgreSQL on another machine without TLS."""
    used: dict[str, Any] = settings.DATABASES["default"]
    if not used["ENGINE"].endswith("postgresql") or all(is_here(host) for host in str(used["HOST"]).split(",")):
        return
    if used.get("OPTIONS", {}).get("sslmode") not in _WITH_TLS:
        yield Finding(
            "database-in-the-clear",
            "PostgreSQL is on another machine, and nothing says that the way there must be encrypted.",
            "Add ?sslmode=verify-full to DOORFRAME_DATABASE_URL (or require, where the machine has no certificate).",
        )


def framework(env: Env, now: datetime) -> Iterator[Finding]:
    """What the framework itself finds wrong."""
    for message in checks.run_checks():
        if message.level >= checks.WARNING and not message.is_silenced():
            says = f"{message.obj}: {message.msg}" if message.obj else str(message.msg)
            yield Finding(message.id or "framework", says, str(message.hint or "This is a fault of the program."))
