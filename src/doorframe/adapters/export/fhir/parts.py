"""What: the policy, each decision about it, each signature, and what was answered and asked."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from doorframe.adapters.export.fhir.people import DECIDERS, People
from doorframe.adapters.export.fhir.values import TERMS, URI, Json, item, named_information, to
from doorframe.adapters.export.strokes import svg

_SIGNATURES = "urn:iso-astm:E1762-95:2013"

_SIGNATURE_TYPES = {
    "client": ("1.2.840.10065.1.12.1.7", "Consent Signature"),
    "guardian": ("1.2.840.10065.1.12.1.7", "Consent Signature"),
    "interpreter": ("1.2.840.10065.1.12.1.12", "Interpreter Signature"),
    "witness": ("1.2.840.10065.1.12.1.11", "Consent Witness Signature"),
    "therapist": ("1.2.840.10065.1.12.1.5", "Verification Signature"),
}
"""Why somebody signed, by capacity: the codes of ASTM E1762 that FHIR asks for."""

_AGENTS = {
    "client": ("attester", "PAT", "Patient"),
    "guardian": ("attester", "GUARD", "Guardian"),
    "interpreter": ("informant", "INTPRT", "Interpreter"),
    "witness": ("verifier", "CONSWIT", "Consent Witness"),
    "therapist": ("verifier", "HPROV", "Healthcare Provider"),
}
"""What somebody did and as whom, by capacity: provenance-participant-type, contractsignertypecodes."""

_CHOICES = {
    "agree": "Agrees",
    "agree-after-talk": "Agrees after talking it over",
    "decline": "Declines",
    "paper": "Takes paper",
    "verbal": "Agrees in words",
    "countersign": "Countersigns",
}


class Parts:
    """The resources of one acknowledgement that are not people."""

    def __init__(self, people: People, questions: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.people, self.questions = people, questions
        self.record, self.names = people.record, people.names
        self.uid = str(UUID(self.record["acknowledgement"]["uid"]))
        self.document_id = people.id("DocumentReference", self.uid)

    # What

    def document(self, policy_pdf: bytes | None) -> Json:
        paper = self.record["paper"]
        return {
            "resourceType": "DocumentReference",
            "id": self.document_id,
            "identifier": [
                {"system": URI, "value": named_information(paper["text_sha256"])},
                {"type": {"text": "SHA-256 of the words"}, "value": paper["text_sha256"]},
                {"type": {"text": "Content pack"}, "value": paper["pack"]},
                {"type": {"text": "SHA-256 of the content pack"}, "value": paper["pack_sha256"]},
            ],
            "status": "current",
            "docStatus": "final",
            "type": {"text": paper["title"]},
            "subject": to(self.people.subject()),
            "date": self.record["sealed_at"],
            "author": [to(self.people.organization)],
            "custodian": to(self.people.organization),
            "description": self._edition(),
            "content": [{"attachment": self._attachment(policy_pdf)}],
            "context": {"period": {"start": paper["in_force_from"]}},
        }

    def _edition(self) -> str:
        paper = self.record["paper"]
        return f"{paper['title']}, version {paper['number']}"

    def _attachment(self, policy_pdf: bytes | None) -> Json:
        paper = self.record["paper"]
        known = {"language": paper["language"], "title": self._edition()}
        if policy_pdf is None:
            return known
        # FHIR asks for SHA-1 here, as a check of the transfer. The proof is the SHA-256 among the identifiers.
        digest = hashlib.sha1(policy_pdf, usedforsecurity=False).digest()
        return {
            **known,
            "contentType": "application/pdf",
            "data": b64encode(policy_pdf).decode("ascii"),
            "size": len(policy_pdf),
            "hash": b64encode(digest).decode("ascii"),
        }

    # Decided

    def consent_id(self, signer: Mapping[str, Any]) -> str:
        return self.people.id("Consent", f"{self.uid}/{signer['uid']}")

    def consent(self, signer: Mapping[str, Any]) -> Json:
        paper = self.record["paper"]
        return {
            "resourceType": "Consent",
            "id": self.consent_id(signer),
            "identifier": [{"system": URI, "value": f"urn:uuid:{signer['uid']}"}],
            "status": self._status(signer),
            "scope": {
                "coding": [{"system": TERMS + "consentscope", "code": "patient-privacy", "display": "Privacy Consent"}],
                "text": "How the practice and its clients deal with each other online. No release of information.",
            },
            "category": [
                {
                    "coding": [{"system": "http://loinc.org", "code": "59284-0"}],
                    "text": f"Acknowledgement: {paper['title']}",
                }
            ],
            "patient": to(self.people.patient(signer)),
            "dateTime": signer["signed_at"],
            "performer": [to(self.people.person(signer))],
            "organization": [to(self.people.organization)],
            "sourceReference": to(self.document_id),
            "policy": [{"uri": named_information(paper["text_sha256"])}],
            "policyRule": {"text": self._edition()},
            "verification": [self._verification(signer)],
            "provision": self._provision(signer),
        }

    def _status(self, signer: Mapping[str, Any]) -> str:
        """Active once signed. Who wants to talk first, or wants paper, has not agreed yet."""
        if self._withdrawn():
            return "inactive"
        if signer["choice"] == "decline":
            return "rejected"
        return "active" if signer["signed_at"] else "proposed"

    def _withdrawn(self) -> bool:
        return bool(self.record["acknowledgement"]["state"] == "withdrawn")

    def _verification(self, signer: Mapping[str, Any]) -> Json:
        """Whether a therapist went through it with them, as a countersignature says."""
        signed = [
            one["signed_at"] for one in self.people.signers if one["capacity"] == "therapist" and one["signed_at"]
        ]
        if not signed:
            return {"verified": False}
        return {"verified": True, "verifiedWith": to(self.people.person(signer)), "verificationDate": max(signed)}

    def _provision(self, signer: Mapping[str, Any]) -> Json:
        """From when to when it holds. In R4 the outermost provision has no type."""
        end = self.record["acknowledgement"]["closed_at"] if self._withdrawn() else None
        if self._status(signer) in {"rejected", "proposed"}:
            return {}
        custodian = {"system": TERMS + "v3-ParticipationType", "code": "CST", "display": "custodian"}
        return {
            "period": {"start": signer["signed_at"], "end": end},
            "actor": [{"role": {"coding": [custodian]}, "reference": to(self.people.organization)}],
        }

    # Signed

    def provenance(self, signer: Mapping[str, Any]) -> Json:
        capacity = signer["capacity"]
        action, role, shown = _AGENTS[capacity]
        who = to(self.people.person(signer))
        behalf = to(self.people.patient(signer)) if capacity == "guardian" else None
        mine = [signer] if capacity in DECIDERS else self.people.deciders
        agent = {
            "type": {"coding": [{"system": TERMS + "provenance-participant-type", "code": action}]},
            "role": [{"coding": [{"system": TERMS + "contractsignertypecodes", "code": role, "display": shown}]}],
            "who": who,
            "onBehalfOf": behalf,
        }
        return {
            "resourceType": "Provenance",
            "id": self.people.id("Provenance", f"{self.uid}/{signer['uid']}"),
            "target": [*(to(self.consent_id(one)) for one in mine), to(self.document_id)],
            "occurredDateTime": signer["signed_at"],
            "recorded": self.record["sealed_at"],
            "policy": [named_information(signer["disclosure_sha256"])] if signer["disclosure_sha256"] else [],
            "activity": {"text": f"{_CHOICES[signer['choice']]}; signature: {signer['method']}"},
            "agent": [agent],
            "entity": [{"role": "source", "what": to(self.document_id)}],
            "signature": [self._signature(signer, who, behalf)],
        }

    def _signature(self, signer: Mapping[str, Any], who: Json, behalf: Json | None) -> Json:
        code, shown = _SIGNATURE_TYPES[signer["capacity"]]
        format, data = self._mark(signer)
        return {
            "type": [{"system": _SIGNATURES, "code": code, "display": shown}],
            "when": signer["signed_at"],
            "who": who,
            "onBehalfOf": behalf,
            "targetFormat": "application/pdf",
            "sigFormat": format,
            "data": data,
        }

    def _mark(self, signer: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """What was typed or drawn, with its format: a name, so only where names were asked for."""
        if not self.names:
            return None, None
        if signer["method"] == "drawn" and signer["drawing"]:
            return "image/svg+xml", b64encode(svg(signer["drawing"]).encode("utf-8")).decode("ascii")
        if signer["signed_name"]:
            return "text/plain", b64encode(signer["signed_name"].encode("utf-8")).decode("ascii")
        return None, None

    # Said

    def response(self, signer: Mapping[str, Any]) -> Json:
        """What one person chose, how, and what the understanding check gave."""
        checked = signer["understanding"] or {}
        items: list[Json] = [
            item(
                "choice",
                "Choice",
                valueCoding={"code": signer["choice"], "display": _CHOICES.get(signer["choice"], "")},
            ),
            item("method", "How the signature was made", valueCoding={"code": signer["method"]}),
            item("reason", "Reason given", valueString=signer["reason"]) if signer["reason"] else {},
            item("disclosure", "Disclosure accepted", valueDateTime=signer["consented_at"]),
            item("read", "Read to the end", valueDateTime=signer["read_at"]),
        ]
        if checked:
            items.append(item("understanding.asked", "Questions asked", valueInteger=checked["asked"]))
            items.append(item("understanding.right", "Answered as meant", valueInteger=checked["right"]))
        for one in self.questions.get(signer["uid"], ()):
            items.append(item(f"understanding.{one['id']}", one["text"], valueString=one["answer"]))
        return {
            "resourceType": "QuestionnaireResponse",
            "id": self.people.id("QuestionnaireResponse", f"{self.uid}/{signer['uid']}"),
            "identifier": {"system": URI, "value": f"urn:uuid:{signer['uid']}"},
            "status": "completed" if signer["choice"] else "in-progress",
            "subject": to(self.people.patient(signer)),
            "authored": signer["signed_at"],
            "author": to(self.people.person(signer)),
            "source": to(self.people.person(signer)),
            "item": items,
        }

    def asked(self) -> list[Json]:
        """Questions about clauses: which, when, and how each was closed. Their words stay with the practice."""
        items: list[Json] = [
            {
                "linkId": f"clause.{number}",
                "text": one["title"],
                "item": [
                    item(f"clause.{number}.id", "Clause", valueString=one["clause"]),
                    item(f"clause.{number}.asked", "Asked", valueDateTime=one["asked_at"]),
                    item(f"clause.{number}.how", "How it was closed", valueCoding={"code": one["how"]}),
                    item(f"clause.{number}.closed", "Closed", valueDateTime=one["closed_at"]),
                ],
            }
            for number, one in enumerate(self.record["questions"], 1)
        ]
        if not items:
            return []
        is_open = any(one["how"] == "open" for one in self.record["questions"])
        return [
            {
                "resourceType": "QuestionnaireResponse",
                "id": self.people.id("QuestionnaireResponse", f"{self.uid}/questions"),
                "status": "in-progress" if is_open else "completed",
                "subject": to(self.people.subject()),
                "authored": self.record["sealed_at"],
                "item": items,
            }
        ]
