"""The small shapes that every resource is made of."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

URI = "urn:ietf:rfc:3986"
TERMS = "http://terminology.hl7.org/CodeSystem/"


def to(id: str) -> Json:
    return {"reference": f"urn:uuid:{id}"}


def item(link: str, text: str, **answer: object) -> Json:
    """One answer of a questionnaire; nothing where there is none."""
    given = {key: value for key, value in answer.items() if value is not None}
    return {"linkId": link, "text": text, "answer": [given]} if given else {}


def named_information(sha256: str) -> str:
    """A hash as an address (RFC 6920), for elements that want a URI."""
    return "ni:///sha-256;" + urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")


def pruned(value: Any) -> Any:
    """Without what is empty: FHIR allows neither null nor empty text, lists or objects."""
    if isinstance(value, Mapping):
        kept = {key: pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [item for item in map(pruned, value) if item not in (None, "", [], {})]
    return value
