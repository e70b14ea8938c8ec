"""Places in the code at which a process dies as a power cut would end it. Doorframe itself knows nothing of them.

A point is "before DOTTED.NAME" or "after DOTTED.NAME". Behind it may stand "(WHAT THE FIRST ARGUMENT IS OR IS CALLED)",
or "#2" for the second call.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import signal
from collections.abc import Callable
from typing import Any

_POINT = re.compile(r"(?P<when>before|after) (?P<name>[\w.]+)(\((?P<first>[^)]*)\))?(#(?P<nth>\d+))?\Z")

APPS = "doorframe.apps."
WEB = [
    f"before {APPS}signatures.actions.answering.sign",
    f"after {APPS}signatures.actions.answering.locked_visit",
    f"after {APPS}signatures.actions.answering.locked_signer",
    f"after {APPS}signatures.rules.check_can_answer",
    f"before {APPS}signatures.models.Signer.save",
    f"after {APPS}signatures.models.Signer.save",
    f"before {APPS}trail.actions.record(signatures.answer.signed)",
    f"before {APPS}trail.models.Event.save",
    f"after {APPS}trail.models.Event.save",
    f"after {APPS}trail.models.Head.save",
    f"after {APPS}trail.actions.record(signatures.answer.signed)",
    f"before {APPS}signatures.actions.answering._settle",
    f"after {APPS}signatures.actions.answering.end_links",
    f"after {APPS}signatures.models.Acknowledgement.save",
    f"after {APPS}trail.actions.record(signatures.acknowledgement.moved)",
    f"after {APPS}trail.models.Event.save#2",
    f"before {APPS}jobs.actions.enqueue",
    f"after {APPS}jobs.models.Job.save",
    f"after {APPS}jobs.actions.enqueue",
    f"after {APPS}signatures.actions.answering._settle",
    "before django.db.backends.base.base.BaseDatabaseWrapper.commit",
    "after django.db.backends.base.base.BaseDatabaseWrapper.commit",
    f"after {APPS}signatures.actions.answering.sign",
    "after django.core.handlers.base.BaseHandler.get_response",
]
"""Between the press on “Sign” and the answer, in the web process."""

SEALING = [
    f"after {APPS}jobs.runner.claim",
    f"before {APPS}signatures.actions.prompts.plan",
    f"after {APPS}signatures.actions.prompts.plan",
    f"before {APPS}signatures.actions.proof.seal_key",
    f"after {APPS}signatures.actions.proof.seal_key",
    f"after {APPS}signatures.proof.record",
    "before doorframe.adapters.seal_pdf.paper",
    "after doorframe.adapters.seal_pdf.paper",
    "after doorframe.adapters.seal_pdf.seal",
    f"before {APPS}signatures.actions.proof.keep_seal",
    f"before {APPS}signatures.models.Seal.save",
    f"after {APPS}signatures.models.Seal.save",
    f"after {APPS}trail.actions.record(signatures.proof.sealed)",
    f"before {APPS}signatures.actions.asking.send_copy",
    f"after {APPS}signatures.models.Link.save",
    f"before {APPS}mail.actions.post",
    f"after {APPS}mail.models.Letter.save",
    f"after {APPS}trail.actions.record(mail.letter.posted)",
    f"after {APPS}mail.actions.post",
    f"after {APPS}signatures.actions.asking.send_copy",
    f"after {APPS}signatures.daily.plan_next",
    f"after {APPS}signatures.actions.proof.keep_seal",
    f"before {APPS}jobs.runner._finish",
]
"""Between the taking of the job and its end, in the worker that seals and asks for the letter with the copy."""

SENDING = [
    f"after {APPS}jobs.runner._finish(signatures.proof.seal)",
    f"before {APPS}mail.sending.send",
    f"after {APPS}mail.sending._count",
    f"after {APPS}mail.sending._written",
    "before smtplib.SMTP.sendmail",
    "after smtplib.SMTP.sendmail",
    f"before {APPS}mail.actions.keep_sent",
    f"after {APPS}trail.actions.record(mail.letter.sent)",
    f"after {APPS}mail.actions.keep_sent",
    f"after {APPS}jobs.runner._finish(mail.letter.send)",
]
"""Between the end of that job and the note that the copy was sent, in whichever worker took it over."""

SENT_TWICE = {
    "after smtplib.SMTP.sendmail",
    f"before {APPS}mail.actions.keep_sent",
    f"after {APPS}trail.actions.record(mail.letter.sent)",
}
"""The mail server had said yes, and nobody could write that down: it is sent once more under the same Message-ID."""


def arm(point: str) -> None:
    """Die at this point."""
    found = _POINT.match(point)
    assert found, point
    owner, name = _owner(found["name"])
    left = int(found["nth"] or 1)

    def is_it(args: tuple[Any, ...]) -> bool:
        nonlocal left
        if found["first"] and found["first"] not in (args[0], getattr(args[0], "name", "")):
            return False
        left -= 1
        return left == 0

    setattr(owner, name, _deadly(getattr(owner, name), is_it, found["when"]))


def _deadly(function: Callable[..., Any], is_it: Callable[[tuple[Any, ...]], bool], when: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def deadly(*args: Any, **kwargs: Any) -> Any:
        now = is_it(args)
        if now and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        said = function(*args, **kwargs)
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return said

    return deadly


def _owner(dotted: str) -> tuple[Any, str]:
    """The module or class that holds this name."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:-1]:
            owner = getattr(owner, part)
        return owner, parts[-1]
    raise LookupError(dotted)
