"""The record of an acknowledgement as a FHIR R4 (4.0.1) bundle.

The bundle is of type `collection`. A `document` would have to open with a Composition whose narrative is what was
attested. What was attested here is the sealed PDF; the bundle is a translation of its record for other systems, and
claims no more than that.

A client has a code and no name in it, unless `names` is asked for. The consent neither permits nor forbids that
anything be disclosed: agreeing to a policy is not a release. So no rule of opting in or out is written, since a
system that enforces consents would act on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from doorframe.adapters.export.fhir.parts import Parts
from doorframe.adapters.export.fhir.people import People
from doorframe.adapters.export.fhir.values import URI, Json, pruned

__all__ = ["FHIR_VERSION", "bundle"]

FHIR_VERSION = "4.0.1"


def bundle(
    record: Mapping[str, Any],
    *,
    policy_pdf: bytes | None,
    questions: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    names: bool = False,
) -> Json:
    """The bundle of one acknowledgement, as plain values ready for JSON.

    record      an acknowledgement as it was sealed (“doorframe-acknowledgement/1”)
    policy_pdf  the policy's own PDF, carried inside; None leaves its title and hash alone
    questions   the understanding check, by the uid of a signer: {"id", "text", "answer"} of each question
    names       also what signers are called, and the signature as it was typed or drawn

    Every id is a UUID version 5 of the practice's uid and the record's own, so the same record gives the same bundle,
    and one client keeps one id in all bundles of the practice. Raises ValueError where a uid is none, and KeyError
    where a part of the record is missing.
    """
    people = People(record, names=names)
    parts = Parts(people, questions or {})
    around = people.resources()
    resources = [
        people.practice_resource(),
        *around,
        *people.group(around),
        parts.document(policy_pdf),
        *(parts.consent(signer) for signer in people.deciders),
        *(parts.provenance(signer) for signer in people.signers if signer["signed_at"]),
        *(parts.response(signer) for signer in people.deciders),
        *parts.asked(),
    ]
    made: Json = pruned(
        {
            "resourceType": "Bundle",
            "id": people.id("Bundle", parts.uid),
            "meta": {"tag": [{"display": f"FHIR {FHIR_VERSION}"}]},
            "identifier": {"system": URI, "value": f"urn:uuid:{parts.uid}"},
            "type": "collection",
            "timestamp": record["sealed_at"],
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
        }
    )
    return made
