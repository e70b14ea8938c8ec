"""The description of the API, OpenAPI 3.1, as plain data. docs/reference/api.md is written from it."""

from __future__ import annotations

from typing import Any

from doorframe.apps.connections import openapi_screening
from doorframe.apps.connections.events import Told
from doorframe.apps.connections.limits import MOST, SECONDS
from doorframe.apps.connections.reading import PAGE
from doorframe.apps.signatures.states import State

Json = dict[str, Any]

_UID = "3f6d2a52-6f0e-4d37-9c55-0f5b8d2c1a7e"
_OTHER = "b0f4a2a6-19d0-4a0c-8d0a-4f0f5d1f9a11"
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def document() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Doorframe", "version": "1",
            "description": "Where acknowledgements stand, for another program of the practice; these answers hold "
            "practice ids, opaque ids, states, times, numbers and hashes, never a name, a question or a link. And what "
            "screening says of a draft that the program sends; of that nothing is kept.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": "read", "description": "What can be read."},
                 {"name": "screen", "description": "What can be checked."}],
        "paths": {**_paths(), **openapi_screening.paths()},
        "webhooks": {told.value: _webhook(told) for told in Told},
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http", "scheme": "bearer", "description": "A key that an owner makes under Connections.",
                }
            },
            "schemas": {**_schemas(), **openapi_screening.schemas()},
            "responses": _responses(),
        },
    }  # fmt: skip


def _paths() -> Json:
    return {
        "/api/v1/acknowledgements": _get(
            "listAcknowledgements", "List acknowledgements",
            f"In the order in which they were opened, {PAGE} a page. To follow what happens, keep the time of your "
            "last reading and ask for what changed since.",
            "AcknowledgementPage",
            [
                _query("state", "Only those in this state.", _ref("State"), "complete"),
                _query("client", "Only those of the client with this practice id.", _schema_code(), "C-1042"),
                _query("changed_since", "Only those that were opened, answered, replaced, sealed or asked about since "
                       "this time. With its zone.", {"type": "string", "format": "date-time"}, "2026-11-21T09:30:00Z"),
                _query("cursor", "What the last page gave as `next`.", _schema_uid(), _UID),
            ],
        ),
        "/api/v1/acknowledgements/{uid}": _get(
            "readAcknowledgement", "Read one acknowledgement", "", "Acknowledgement",
            [_place("uid", _schema_uid(), _UID)],
        ),
        "/api/v1/papers": _get(
            "listPapers", "List papers",
            f"Every version of the policy that was ever in force, oldest first, {PAGE} a page.",
            "PaperPage", [_query("cursor", "What the last page gave as `next`.", _schema_uid(), _UID)],
        ),
        "/api/v1/papers/{number}": _get(
            "readPaper", "Read one paper", "", "Paper",
            [_place("number", {"type": "integer", "minimum": 1, "maximum": 999_999_999}, 3)],
        ),
        "/api/v1/campaigns/{uid}": _get(
            "readCampaign", "Read one campaign",
            "How far the asking of all clients after a change of the policy is. An acknowledgement names its campaign.",
            "Campaign", [_place("uid", _schema_uid(), _UID)],
        ),
    }  # fmt: skip


def _get(operation: str, summary: str, description: str, schema: str, parameters: list[Json]) -> Json:
    answer = {"application/json": {"schema": _ref(schema), "example": _EXAMPLES[schema]}}
    refusals = {"400": "Unclear", "401": "NoKey", "403": "NotAllowed", "404": "NotFound", "429": "TooOften"}
    known = {code: {"$ref": f"#/components/responses/{name}"} for code, name in refusals.items()}
    told = {"description": description} if description else {}
    return {
        "get": {
            "operationId": operation, "summary": summary, **told, "tags": ["read"], "parameters": parameters,
            "responses": {"200": {"description": "What was asked for.", "content": answer}, **known},
        }
    }  # fmt: skip


def _query(name: str, description: str, schema: Json, example: object) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema,
            "example": example}  # fmt: skip


def _place(name: str, schema: Json, example: object) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _responses() -> Json:
    said = {
        "Unclear": (400, "A filter or a draft makes no sense.",
                    "“changed_since” must be a time with its zone, for example "
                    "2026-11-21T09:30:00Z."),
        "NoKey": (401, "No key was shown, or one that opens nothing (any more).", "This key does not open anything. "
                  "Ask the practice's owner for a new one."),
        "NotAllowed": (403, "Whoever made the key is no longer an owner, or it was made for something else.",
                       "Whoever made this key may no longer do so. "
                       "Ask the practice's owner for a new one."),
        "NotFound": (404, "There is no such thing in this practice.", "There is nothing here under this address."),
        "TooOften": (429, f"More than {MOST} requests in {SECONDS} seconds. `Retry-After` says how long to wait.",
                     "This key asks too often. Try again in 20 seconds."),
    }  # fmt: skip
    titles = {400: "Unclear", 401: "No key", 403: "Not allowed", 404: "Not found", 429: "Too often"}
    return {
        name: {
            "description": description,
            "content": {
                "application/problem+json": {
                    "schema": _ref("Problem"),
                    "example": {"type": "about:blank", "title": titles[status], "status": status, "detail": sentence},
                }
            },
        }
        for name, (status, description, sentence) in said.items()
    }


def _schemas() -> Json:
    made = _shapes()
    for name, meanings in _MEANT.items():
        for field, text in meanings.items():
            made[name]["properties"][field]["description"] = text
    return made


def _shapes() -> Json:
    return {
        "State": {
            "type": "string", "enum": list(State.values),
            "description": "; ".join(f"{state.value}: {state.label}" for state in State),
        },
        "Acknowledgement": _object({
            "uid": _schema_uid(),
            "client": _schema_code(),
            "state": _ref("State"),
            "paper": _object({"number": _schema_count(1), "text_sha256": _schema_hash()}),
            "campaign": _or_null(_schema_uid()), "opened_at": _schema_time(), "changed_at": _schema_time(),
            "closed_at": _or_null(_schema_time()), "keep_until": _or_null({"type": "string", "format": "date"}),
            "proof": _or_null(_object({"sha256": _schema_hash(), "sealed_at": _schema_time()})),
        }),
        "AcknowledgementPage": _page("Acknowledgement"),
        "Paper": _object({
            "uid": _schema_uid(), "number": _schema_count(1), "generation": _schema_count(1),
            "material": {"type": "boolean"},
            "text_sha256": _schema_hash(), "pack_sha256": _schema_hash(),
            "in_force_from": {"type": "string", "format": "date"}, "issued_at": _schema_time(),
            "ended_at": _or_null(_schema_time()),
        }),
        "PaperPage": _page("Paper"),
        "Campaign": _object({
            "uid": _schema_uid(), "paper": _schema_count(1), "opened_at": _schema_time(),
            "started_at": _or_null(_schema_time()), "ended_at": _or_null(_schema_time()), "clients": _schema_count(),
            "sent": _schema_count(), "opened": _schema_count(), "answered": _schema_count(),
            "states": _object({state.value: _schema_count() for state in State}),
        }),
        "Problem": _object({
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string", "description": "One sentence for a person."},
        }),
    }  # fmt: skip


_MEANT: dict[str, dict[str, str]] = {
    "Acknowledgement": {
        "uid": "Its id, the same for ever.", "client": "The practice id, as the practice set it.",
        "state": "Where it stands.", "paper": "What was to be read: its number, and the hash of its words.",
        "campaign": "The asking again that it belongs to.", "opened_at": "When the client was first asked.",
        "changed_at": "When it was last opened, answered, replaced, sealed or asked about.",
        "closed_at": "When it was complete or declined.", "keep_until": "The last day on which the proof is kept.",
        "proof": "The sealed document: the hash of the file, and when it was sealed.",
    },
    "Paper": {
        "uid": "Its id.", "number": "Which version of the policy it is.",
        "generation": "The number of the last version for which clients had to be asked again.",
        "material": "Whether clients were asked again for it.", "text_sha256": "The hash of its words.",
        "pack_sha256": "The hash of the content that it was made from.", "in_force_from": "Its first day.",
        "issued_at": "When it was published.", "ended_at": "When a newer one took its place.",
    },
    "Campaign": {
        "uid": "Its id.", "paper": "The number of the version that is to be read.", "opened_at": "When it was planned.",
        "started_at": "When the first letters went out.", "ended_at": "When it ended.",
        "clients": "How many are on its list.", "sent": "How many of them were sent a link.",
        "opened": "How many opened it.", "answered": "How many need not be asked any more.",
        "states": "How many stand in each state.",
    },
}  # fmt: skip


def _object(properties: Json) -> Json:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _page(name: str) -> Json:
    listed = {"type": "array", "maxItems": PAGE, "items": _ref(name)}
    following = {**_or_null(_schema_uid()), "description": "The cursor of the next page; null on the last one."}
    return _object({"items": listed, "next": following})


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _schema_uid() -> Json:
    return {"type": "string", "format": "uuid"}


def _schema_code() -> Json:
    return {"type": "string", "minLength": 1, "maxLength": 20, "pattern": r"^[^\x00-\x1f\x7f]+$"}


def _schema_hash() -> Json:
    return {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def _schema_time() -> Json:
    return {"type": "string", "format": "date-time"}


def _schema_count(least: int = 0) -> Json:
    return {"type": "integer", "minimum": least}


_TIME = "2026-11-21T09:30:00Z"
_ACKNOWLEDGEMENT: Json = {
    "uid": _UID, "client": "C-1042", "state": "complete", "paper": {"number": 3, "text_sha256": _HASH},
    "campaign": None, "opened_at": _TIME, "changed_at": _TIME, "closed_at": _TIME, "keep_until": "2032-11-21",
    "proof": {"sha256": _HASH, "sealed_at": _TIME},
}  # fmt: skip
_PAPER: Json = {
    "uid": _OTHER, "number": 3, "generation": 2, "material": False, "text_sha256": _HASH, "pack_sha256": _HASH,
    "in_force_from": "2026-11-21", "issued_at": _TIME, "ended_at": None,
}  # fmt: skip
_EXAMPLES: Json = {
    "Acknowledgement": _ACKNOWLEDGEMENT, "AcknowledgementPage": {"items": [_ACKNOWLEDGEMENT], "next": None},
    "Paper": _PAPER, "PaperPage": {"items": [_PAPER], "next": None},
    "Campaign": {
        "uid": _OTHER, "paper": 3, "opened_at": _TIME, "started_at": _TIME, "ended_at": None, "clients": 40, "sent": 38,
        "opened": 30, "answered": 25, "states": {**dict.fromkeys(State.values, 0), "open": 15, "complete": 25},
    },
}  # fmt: skip


def _webhook(told: Told) -> Json:
    data: Json = {"acknowledgement": _schema_uid(), "state": _ref("State"), "paper": _schema_count(1)}
    example: Json = {"acknowledgement": _UID, "state": "complete", "paper": 3}
    if told == Told.ISSUED:
        data = {"paper": _schema_count(1), "uid": _schema_uid(), "text_sha256": _schema_hash(),
                "material": {"type": "boolean"}}  # fmt: skip
        example = {"paper": 3, "uid": _OTHER, "text_sha256": _HASH, "material": False}
    elif told == Told.SEALED:
        data, example = {**data, "sha256": _schema_hash()}, {**example, "sha256": _HASH}
    elif told == Told.ASKED:
        data, example = {**data, "question": _schema_uid()}, {**example, "state": "open", "question": _OTHER}
    elif told == Told.OPENED:
        example = {**example, "state": "open"}
    body = _object({"type": {"const": told.value}, "timestamp": _schema_time(), "data": _object(data)})
    shown = {"type": told.value, "timestamp": _TIME, "data": example}
    return {
        "post": {
            "operationId": f"told{told.name.title()}", "security": [], "tags": ["read"],
            "summary": _WHEN[told],
            "parameters": [
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": text}
                for name, text in _HEADERS.items()
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body, "example": shown}}},
            "responses": {"2XX": {"description": "The message was taken."},
                          "410": {"description": "No more messages are wanted; the connection is switched off."}},
        }
    }  # fmt: skip


_WHEN = {
    Told.OPENED: "A client is asked to read and sign", Told.MOVED: "The state of an acknowledgement changes",
    Told.SEALED: "The sealed document of a signature is ready", Told.ISSUED: "A new version of the policy is in force",
    Told.ASKED: "A client asks about the policy",
}  # fmt: skip
_HEADERS = {
    "webhook-id": "The same for every try of one message; keep it to see that one came twice.",
    "webhook-timestamp": "Seconds since 1970. Refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several are parted by spaces.",
}
