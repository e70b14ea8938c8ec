"""The words of letters to clients: warm, expected, and without a clue of what they are about.

Each function gives (subject, body) in the language in force. `name_of_sender` is what `names.of_sender` gives and may
be ""; `link` is the whole address; `expires` is aware and is shown as a day of the time zone in force.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

Words = tuple[str, str]


def invitation(name_of_sender: str, link: str, expires: datetime, *, with_code: bool = False) -> Words:
    """The first letter with a link."""
    return _subject(_("What I said I would send you"), name_of_sender), _body(
        name_of_sender,
        _("I said I would send you this. It takes a few minutes. Read it in a quiet moment:"),
        link,
        _until(expires),
        _code() if with_code else "",
        _("You can ask about anything on the page. You need not decide anything today."),
    )


def reminder(name_of_sender: str, link: str, expires: datetime, *, with_code: bool = False) -> Words:
    """A later letter about the same thing, with a link of its own."""
    return _subject(_("Still here for you to read"), name_of_sender), _body(
        name_of_sender,
        _("A little while ago I sent you something to read. There is no hurry. In case it got lost, here it is again:"),
        link,
        _until(expires),
        _code() if with_code else "",
        _("If you would rather have it on paper, or talk first, tell me."),
    )


def copy_ready(name_of_sender: str, link: str, expires: datetime) -> Words:
    """Where to fetch the copy of what was agreed."""
    return _subject(_("Your copy is ready"), name_of_sender), _body(
        name_of_sender,
        _("Thank you for your time. As you wished, here is your own copy of what you read:"),
        link,
        _until(expires),
        _("Please save or print it by then. You can always ask me for another."),
    )


def new_version(name_of_sender: str, link: str, expires: datetime, *, with_code: bool = False) -> Words:
    """Something that was read before has changed."""
    return _subject(_("Something has changed"), name_of_sender), _body(
        name_of_sender,
        _("I said I would tell you when something changes in what you read some time ago. It has changed now:"),
        link,
        _until(expires),
        _code() if with_code else "",
        _("The page begins with what is different. You can ask about anything there."),
    )


def answer_ready(name_of_sender: str, link: str, expires: datetime) -> Words:
    """A question that was asked on the page has its answer there."""
    return _subject(_("An answer to your question"), name_of_sender), _body(
        name_of_sender,
        _("You asked me a question. Thank you for asking. My answer is here:"),
        link,
        _until(expires),
        _("If it leaves something open, ask again."),
    )


def code_hint(name_of_sender: str) -> Words:
    """Where the code is that the page asks for. The code itself never goes by mail."""
    return _subject(_("The code you will be asked for"), name_of_sender), _body(
        name_of_sender,
        _("The page that I sent you asks for a short code first. It is the one that I gave you in person or by phone."),
        _("If you no longer have it, call me and I will tell you."),
    )


def _subject(said: str, name: str) -> str:
    return _("%(said)s, %(name)s") % {"said": said, "name": name} if name else said


def _until(expires: datetime) -> str:
    day = date_format(localtime(expires), "j F Y")
    return _("The address works until %(day)s. It is for you alone, so please do not pass it on.") % {"day": day}


def _code() -> str:
    return _("The page asks for the short code that I gave you.")


def _body(name: str, *parts: str) -> str:
    last = (
        _("To talk about it, call me on the number you have for me. An answer to this e-mail may not reach me."),
        _("If you did not expect this, you need not do anything."),
    )
    return "\n\n".join(part for part in (_("Hello,"), *parts, *last, name) if part) + "\n"
