"""docs/reference/api.md: the API and the messages, written from their own description."""

from __future__ import annotations

import json
from typing import Any

from doorframe.apps.connections import openapi
from doorframe.web.reference import markdown

Json = dict[str, Any]


def page() -> str:
    """Each address, each refusal, each shape, each message."""
    document = openapi.document()
    lines = [
        document["info"]["description"], "",
        "Programs find all of this at `/api/v1/openapi.json` (OpenAPI 3.1), which needs no key. Every other address "
        "asks for `Authorization: Bearer` and a key: [how to make one](../how-to/connect-another-system.md).", "",
    ]  # fmt: skip
    for address, item in document["paths"].items():
        for method, operation in item.items():
            lines += _operation(method.upper(), address, operation)
    lines += [
        "## Refusals",
        "",
        "Each is JSON of the type `application/problem+json` with one sentence in `detail`.",
        "",
    ]
    lines += markdown.table(("Number", "When"), _refusals(document))
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith("Page") and name != "Problem":
            lines += _schema(name, schema)
    lines += ["## Messages", "", "What is sent to a program that wants to be told.", ""]
    for name, item in document["webhooks"].items():
        lines += _message(name, item["post"])
    return markdown.page("The API", "What another program can read, and what it is told.", lines)


def _operation(method: str, address: str, operation: Json) -> list[str]:
    answer = operation["responses"]["200"]["content"]["application/json"]["example"]
    rows = [
        (f"`{one['name']}`", one.get("description", "Which one."), f"`{one['example']}`")
        for one in operation["parameters"]
    ]
    told = [operation["description"], ""] if "description" in operation else []
    return [
        f"## {operation['summary']}", "", f"`{method} {address}`", "", *told,
        *(markdown.table(("Name", "Meaning", "Example"), rows) if rows else []), *_sent(operation),
        "```json", json.dumps(answer, indent=2), "```", "",
    ]  # fmt: skip


def _sent(operation: Json) -> list[str]:
    """The body of a request, as an example."""
    if "requestBody" not in operation:
        return []
    example = operation["requestBody"]["content"]["application/json"]["example"]
    return ["What is sent:", "", "```json", json.dumps(example, indent=2), "```", "", "What comes back:", ""]


def _refusals(document: Json) -> list[tuple[str, str]]:
    found = document["components"]["responses"].values()
    shown = [one["content"]["application/problem+json"]["example"]["status"] for one in found]
    return [(str(status), one["description"]) for status, one in zip(shown, found, strict=True)]


def _schema(name: str, schema: Json) -> list[str]:
    if "enum" in schema:
        meanings = [part.partition(": ") for part in schema["description"].split("; ")]
        states = [(f"`{state}`", meaning) for state, _colon, meaning in meanings]
        return [f"## {name}", "", *markdown.table(("State", "Meaning"), states)]
    rows = [(f"`{key}`", _kind(value), value.get("description", "")) for key, value in schema["properties"].items()]
    return [f"## {name}", "", *markdown.table(("Field", "Kind", "Meaning"), rows)]


def _kind(schema: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema["type"] == "array":
        return f"list of {_kind(schema['items'])}"
    if schema["type"] == "object":
        return "; ".join(f"`{key}`: {_kind(value)}" for key, value in schema["properties"].items())
    return str(schema.get("format", "hash" if "64" in schema.get("pattern", "") else schema["type"]))


def _message(name: str, operation: Json) -> list[str]:
    example = operation["requestBody"]["content"]["application/json"]["example"]
    return [f"### {name}", "", operation["summary"] + ".", "", "```json", json.dumps(example, indent=2), "```", ""]
