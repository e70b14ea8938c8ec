"""The part of the description that tells how a draft is checked."""

from __future__ import annotations

from typing import Any

from doorframe.apps.connections import asking
from doorframe.engines.screening.verdict import FAMILIES, KINDS, OUTCOMES

Json = dict[str, Any]

_TEXT = "Please leave us a review."
_SHA256 = "4b1f5e4e6d0d1b1df42ed8ec1bd3e1bb3e0a4ea0c29ed0bc1a5a0e1ac9f0c2d7"


def paths() -> Json:
    """The one address that takes words. It keeps nothing of them."""
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Verdict"}, "example": VERDICT}}
    refusals = {"400": "Unclear", "401": "NoKey", "403": "NotAllowed", "404": "NotFound", "429": "TooOften"}
    return {
        "/api/v1/screen": {
            "post": {
                "operationId": "screenDraft", "summary": "Check a draft", "tags": ["screen"], "parameters": [],
                "description": "What screening says of words that are to be posted: the same engine, content and own "
                "names as on the page. Nothing is kept, neither the words nor the answer. “nothing-found” is no "
                "guarantee. The key must have the scope `screen`.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Draft"},
                            "example": {"text": _TEXT, "kind": "post", "platform": "instagram"},
                        }
                    },
                },
                "responses": {
                    "200": {"description": "What was found.", "content": answer},
                    **{code: {"$ref": f"#/components/responses/{name}"} for code, name in refusals.items()},
                },
            }
        }
    }  # fmt: skip


def schemas() -> Json:
    """What is sent, and what comes back."""
    place = {"type": "integer", "minimum": 0}
    risk = {"type": "string", "enum": ["none", "some", "high"]}
    text = {"type": "string"}
    own = {"type": "array", "maxItems": asking.MOST_OWN, "items": {**_text(asking.LONGEST_OWN), "minLength": 1}}
    draft = {
        "text": {**_text(asking.LONGEST), "minLength": 1, "description": "The words. They are kept nowhere."},
        "kind": {"type": "string", "enum": list(KINDS), "description": "What it is; a post where this is left out."},
        "platform": {**text, "pattern": asking.WORD, "description": "Where it would go."},
        "country": {
            "type": "string", "enum": list(asking.COUNTRIES),
            "description": "Whose rules hold; those of the practice's place where this is left out.",
        },
        "region": {**text, "pattern": asking.REGION, "description": "A part of that country, such as “TX” or “ON”."},
        "profession": {**text, "pattern": asking.WORD, "description": "As in the interview; else as the policy says."},
        "own": {**own, "description": "Names of the practice besides those that it keeps; they tell of no client."},
    }  # fmt: skip
    finding = _object(
        {
            "rule": {**text, "description": "The rule's id, or “second-reader”."},
            "family": {"type": "string", "enum": list(FAMILIES), "description": "What it is about."},
            "start": {**place, "description": "Where it begins, in code points."},
            "end": {**place, "description": "Where it ends; where it begins if it is about the whole text."},
            "text": {**text, "description": "The words between."},
            "outcome": {"type": "string", "enum": ["do-not-post", "ask"], "description": "What this alone asks for."},
            "why": {**text, "description": "Why, for whoever wrote it."},
            "cites": {
                "type": "array",
                "items": text,
                "description": "Clauses, such as hipaa/164.502(a), or good-practice.",
            },
        }
    )
    people = _object({
        "low": {**place, "description": "At least."}, "high": {**place, "description": "At most."},
        "said": {**text, "description": "In words."},
        "assumptions": {"type": "array", "items": text, "description": "What the figures rest on."},
    })  # fmt: skip
    rewrite = _object({
        "id": {**text, "description": "Which wording."}, "family": {**text, "description": "What it mends."},
        "step": {**text, "description": "Which step of the ladder."},
        "start": {**place, "description": "Where the old words begin."},
        "end": {**place, "description": "Where they end."}, "words": {**text, "description": "The new words."},
        "label": {**text, "description": "What it does."},
    })  # fmt: skip
    verdict = _object(
        {
            "outcome": {"type": "string", "enum": list(OUTCOMES), "description": "What is to be done with the words."},
            "findings": {"type": "array", "items": _ref("Finding"), "description": "Everything that was found."},
            "people": {"anyOf": [_ref("People"), {"type": "null"}], "description": "How many would fit a story."},
            "self_risk": {**risk, "description": "Whether the person would know themselves."},
            "others_risk": {**risk, "description": "Whether those near them would know."},
            "rewrites": {
                "type": "array",
                "items": _ref("Rewrite"),
                "description": "Safer wordings; each takes one step.",
            },
            "names_model": {**text, "description": "What read the names."},
            "second_reader": {**text, "description": "Who read it a second time."},
            "missing": {"type": "array", "items": text, "description": "What was not there to look with."},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The hash of the words."},
            "checked_with": {**text, "description": "Which program and which content answered."},
        }
    )
    optional = {"type": "object", "properties": draft, "required": ["text"], "additionalProperties": False}
    return {"Draft": optional, "Verdict": verdict, "Finding": finding, "People": people, "Rewrite": rewrite}


def _text(longest: int) -> Json:
    return {"type": "string", "maxLength": longest}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Json) -> Json:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


VERDICT: Json = {
    "outcome": "do-not-post",
    "findings": [
        {
            "rule": "testimonial-request", "family": "testimonial-request", "start": 0, "end": 25, "text": _TEXT,
            "outcome": "do-not-post", "why": "Asking clients for reviews can exploit trust.",
            "cites": ["aca-2014/C.3.b"],
        }
    ],
    "people": None, "self_risk": "none", "others_risk": "none",
    "rewrites": [
        {
            "id": "testimonial-request/drop", "family": "testimonial-request", "step": "drop", "start": 0, "end": 25,
            "words": "", "label": "Leave out the sentence",
        }
    ],
    "names_model": "", "second_reader": "", "missing": ["names", "second-reader"], "sha256": _SHA256,
    "checked_with": "doorframe 0.1.0",
}  # fmt: skip
"""An answer, as an example."""
