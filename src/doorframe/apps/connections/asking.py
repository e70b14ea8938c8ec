"""What another program asks to have checked: JSON, read strictly. No word of it stands in any sentence of a refusal."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from doorframe.apps.connections.reading import Unclear
from doorframe.apps.members.models import Practice
from doorframe.engines.screening.verdict import KINDS, whole

LONGEST = 20_000
"""Signs of a text."""
LARGEST = 200_000
"""Bytes of a request."""
COUNTRIES = ("US", "CA", "UK", "IE", "AU", "NZ")
REGION = r"^[A-Z]{2,3}$"
WORD = r"^[a-z0-9-]{1,40}$"
MOST_OWN, LONGEST_OWN = 300, 200
_KNOWN = {"text", "kind", "platform", "country", "region", "profession", "own"}


def screened(practice: Practice, body: bytes) -> dict[str, Any]:
    """What screening says of the draft in this body. Nothing is kept. Raises Unclear, and Http404 without that room."""
    if not settings.DOORFRAME_SCREENING:
        raise Http404
    answer: dict[str, Any] = import_string(settings.DOORFRAME_SCREENING)(practice, wanted(body))
    return answer


def wanted(body: bytes) -> dict[str, Any]:
    """The draft, checked. Raises Unclear."""
    values = _object(body)
    _one_of(values, "kind", KINDS)
    _one_of(values, "country", COUNTRIES)
    _like(values, "platform", WORD)
    _like(values, "profession", WORD)
    _like(values, "region", REGION)
    text, own = values.get("text"), values.get("own", [])
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        raise Unclear(_("“text” must hold the words, at most %(most)s signs.") % {"most": LONGEST})
    if not isinstance(own, list) or len(own) > MOST_OWN or not all(map(_is_name, own)):
        raise Unclear(_("“own” must be a list of the practice's own names."))
    return {**values, "text": whole(text), "own": tuple(own)}


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise Unclear(_("The request is too large."))
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise Unclear(_("Send a JSON object with “text” in it."))
    if not set(values) <= _KNOWN:
        raise Unclear(_("The object holds a name that is not known. The description at /api/v1/openapi.json has them."))
    return values


def _one_of(values: dict[str, Any], name: str, known: tuple[str, ...]) -> None:
    if name in values and values[name] not in known:
        raise Unclear(_("“%(name)s” must be one of: %(known)s.") % {"name": name, "known": ", ".join(known)})


def _like(values: dict[str, Any], name: str, shape: str) -> None:
    value = values.get(name)
    if name in values and not (isinstance(value, str) and re.match(shape.replace("$", r"\Z"), value)):
        raise Unclear(_("“%(name)s” is not of the form that the description asks for.") % {"name": name})


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_OWN
