"""The bundle is FHIR R4, says who agreed to what, and names nobody without need."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import lzma
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator

from doorframe.adapters.export import fhir
from tests.adapters.export.samples import DISCLOSURE, RECORDS, fresh, record, sha, signer

SCHEMA = Path(__file__).parent / "schema" / "fhir-r4.schema.json.xz"
PDF = b"%PDF-1.7 the policy"
UNPACKED = "15b9548af6412c44faaa411456e0652542de286fd1c58ef882b09bdc8947909d"


@cache
def schema() -> Any:
    data = lzma.decompress(SCHEMA.read_bytes())
    assert hashlib.sha256(data).hexdigest() == UNPACKED
    return json.loads(data)


@cache
def validator(resource: str) -> Draft6Validator:
    return Draft6Validator({"$ref": f"#/definitions/{resource}", "definitions": schema()["definitions"]})


def problems(bundle: Any) -> list[str]:
    """What the official schema and the rules across elements say against a bundle."""
    found = [error.message[:200] for error in validator("Bundle").iter_errors(bundle)]
    for entry in bundle.get("entry", []):
        one = entry.get("resource", {})
        kind = one.get("resourceType")
        if kind not in schema()["discriminator"]["mapping"]:
            found.append(f"{kind} is no resource of R4")
            continue
        found += [f"{kind}: {error.message[:200]}" for error in validator(kind).iter_errors(one)]
    return found or [*_across(bundle)]


REQUIRED = {
    "Consent": {"status", "scope", "category"},
    "DocumentReference": {"status", "content"},
    "Provenance": {"target", "recorded", "agent"},
    "QuestionnaireResponse": {"status"},
    "Group": {"type", "actual"},
    "RelatedPerson": {"patient"},
}
"""Elements with a least number of one. The schema leaves out those that may be replaced by an extension."""


def _across(bundle: Any) -> Iterator[str]:
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(urls) != len(set(urls)):
        yield "bdl-7: an address stands twice"
    for entry in bundle["entry"]:
        one = entry["resource"]
        if entry["fullUrl"] != f"urn:uuid:{one['id']}":
            yield "an address is not that of its resource"
        for name in REQUIRED.get(one["resourceType"], set()) - one.keys():
            yield f"{one['resourceType']} has no {name}"
        if one["resourceType"] == "Consent" and not ({"policy", "policyRule"} & one.keys()):
            yield "ppc-1: neither a policy nor a rule"
        if one["resourceType"] == "Consent" and "patient" not in one:
            yield "ppc-2: a privacy consent without a patient"
        if one["resourceType"] == "Consent" and "type" in one.get("provision", {}):
            yield "the outermost provision has a type"
        if any("linkId" not in item for item in one.get("item", [])):
            yield "an answer without linkId"
    for reference in _references(bundle):
        if reference not in urls:
            yield f"{reference} stands nowhere in the bundle"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def resources(bundle: Any, kind: str) -> list[Any]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.promise("D4")
@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize("pdf", [PDF, None])
def test_a_bundle_is_valid_r4(name: str, names: bool, pdf: bytes | None) -> None:
    made = fhir.bundle(RECORDS[name], policy_pdf=pdf, names=names)
    assert problems(made) == []
    assert made == json.loads(json.dumps(made))


WRONG: dict[str, Any] = {
    "status": lambda b: resources(b, "Consent")[0].update(status="agreed"),
    "unknown element": lambda b: resources(b, "Consent")[0].update(mood="calm"),
    "no scope": lambda b: resources(b, "Consent")[0].pop("scope"),
    "no status": lambda b: resources(b, "Consent")[0].pop("status"),
    "no policy": lambda b: [resources(b, "Consent")[0].pop(key) for key in ("policy", "policyRule")],
    "no patient": lambda b: resources(b, "Consent")[0].pop("patient"),
    "typed root": lambda b: resources(b, "Consent")[0]["provision"].update(type="permit"),
    "no agent": lambda b: resources(b, "Provenance")[0].pop("agent"),
    "day for an instant": lambda b: resources(b, "Provenance")[0].update(recorded="2026-11-21"),
    "signature without type": lambda b: resources(b, "Provenance")[0]["signature"][0].pop("type"),
    "date in words": lambda b: resources(b, "Consent")[0].update(dateTime="last Friday"),
    "null": lambda b: resources(b, "Patient")[0].update(identifier=None),
    "text for a number": lambda b: resources(b, "DocumentReference")[0]["content"][0]["attachment"].update(size="9"),
    "no content": lambda b: resources(b, "DocumentReference")[0].pop("content"),
    "item without link": lambda b: resources(b, "QuestionnaireResponse")[0]["item"][0].pop("linkId"),
    "id with a blank": lambda b: resources(b, "Patient")[0].update(id="a b"),
    "nowhere": lambda b: resources(b, "Consent")[0]["patient"].update(reference="urn:uuid:none"),
    "twice": lambda b: b["entry"].append(copy.deepcopy(b["entry"][0])),
    "no resource of R4": lambda b: b["entry"][0].update(resource={"resourceType": "Permission", "id": "x"}),
    "type of bundle": lambda b: b.update(type="heap"),
}


@pytest.mark.promise("D4")
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_bundle_is_refused(name: str) -> None:
    made = fhir.bundle(RECORDS["one client"], policy_pdf=PDF)
    WRONG[name](made)
    assert problems(made) != []


def test_the_same_record_gives_the_same_bundle_and_a_client_keeps_one_id() -> None:
    first = fhir.bundle(fresh(), policy_pdf=PDF)
    assert fhir.bundle(fresh(), policy_pdf=PDF) == first
    later = fresh()
    later["acknowledgement"]["uid"] = "0e6f2ab4-9d0c-4f3c-8a55-6f9d27a3b0aa"
    second = fhir.bundle(later, policy_pdf=PDF)
    assert resources(second, "Patient")[0]["id"] == resources(first, "Patient")[0]["id"]
    assert resources(second, "Consent")[0]["id"] != resources(first, "Consent")[0]["id"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one client", ["active"]),
        ("a couple", ["active", "active"]),
        ("declined", ["rejected"]),
        ("paper", ["active"]),
        ("in words", ["active"]),
        ("withdrawn", ["inactive"]),
        ("wants to talk", ["active", "proposed"]),
        ("declined in a couple", ["rejected", "proposed"]),
        ("nobody asked", []),
    ],
)
def test_the_status_follows_the_choice(name: str, expected: list[str]) -> None:
    made = fhir.bundle(RECORDS[name], policy_pdf=None)
    assert [one["status"] for one in resources(made, "Consent")] == expected


def test_an_answer_is_complete_whatever_it_is() -> None:
    made = fhir.bundle(RECORDS["declined in a couple"], policy_pdf=None)
    said = [one["status"] for one in resources(made, "QuestionnaireResponse")]
    assert said == ["completed", "in-progress", "completed"]


def test_who_has_not_signed_leaves_no_provenance() -> None:
    made = fhir.bundle(RECORDS["wants to talk"], policy_pdf=None)
    assert len(resources(made, "Provenance")) == 1


@pytest.mark.promise("C10")
@pytest.mark.parametrize("name", RECORDS)
def test_no_clients_name_without_asking(name: str) -> None:
    text = json.dumps(fhir.bundle(RECORDS[name], policy_pdf=PDF))
    for one in RECORDS[name]["signers"]:
        encoded = base64.b64encode(one["name"].encode()).decode()
        assert (one["name"] in text or encoded in text) is (one["capacity"] == "therapist")


def test_names_and_signatures_come_when_asked_for() -> None:
    made = fhir.bundle(RECORDS["a couple"], policy_pdf=PDF, names=True)
    ana, bo, imani = (one["signature"][0] for one in resources(made, "Provenance"))
    assert ana["sigFormat"] == "image/svg+xml"
    assert b"10,20 200,300 990,5" in base64.b64decode(ana["data"])
    assert b"500,200 500,200" in base64.b64decode(ana["data"])
    assert (bo["sigFormat"], base64.b64decode(bo["data"])) == ("text/plain", b"Bo Lima")
    assert base64.b64decode(imani["data"]) == b"Dr Imani Cole"
    assert [one["name"][0]["text"] for one in resources(made, "Patient")] == ["Ana Lima", "Bo Lima"]


def test_two_of_a_couple_are_two_patients_of_one_group() -> None:
    made = fhir.bundle(RECORDS["a couple"], policy_pdf=None)
    patients = [f"urn:uuid:{one['id']}" for one in resources(made, "Patient")]
    (group,) = resources(made, "Group")
    assert [one["entity"]["reference"] for one in group["member"]] == patients
    assert len(set(patients)) == 2
    assert {one["patient"]["reference"] for one in resources(made, "Consent")} == set(patients)


def test_a_guardian_and_the_child_decide_about_one_patient() -> None:
    made = fhir.bundle(RECORDS["a guardian, an interpreter and a witness"], policy_pdf=None)
    (child,) = resources(made, "Patient")
    assert child["identifier"][0]["value"] == "HL-CH1"
    guardian, interpreter, witness = resources(made, "RelatedPerson")
    assert guardian["relationship"][0]["coding"][0]["code"] == "GUARD"
    assert guardian["relationship"][0]["text"] == "mother"
    consents = resources(made, "Consent")
    assert [one["patient"]["reference"] for one in consents] == [f"urn:uuid:{child['id']}"] * 2
    assert consents[0]["performer"][0]["reference"] == f"urn:uuid:{guardian['id']}"
    signed = resources(made, "Provenance")
    assert [one["signature"][0]["type"][0]["code"].rsplit(".", 1)[1] for one in signed] == ["7", "7", "12", "11", "5"]
    assert signed[0]["agent"][0]["onBehalfOf"]["reference"] == f"urn:uuid:{child['id']}"
    # Who stands by signs what each of the others decided.
    assert [len(one["target"]) for one in signed] == [2, 2, 3, 3, 3]
    assert {interpreter["id"], witness["id"]} == {one["agent"][0]["who"]["reference"][9:] for one in signed[2:4]}


def test_the_document_carries_its_hash_and_the_file() -> None:
    made = fhir.bundle(RECORDS["one client"], policy_pdf=PDF)
    (document,) = resources(made, "DocumentReference")
    assert document["identifier"][1]["value"] == RECORDS["one client"]["paper"]["text_sha256"]
    address = document["identifier"][0]["value"].removeprefix("ni:///sha-256;")
    assert base64.urlsafe_b64decode(address + "=").hex() == RECORDS["one client"]["paper"]["text_sha256"]
    attachment = document["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]) == PDF
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(PDF).digest()
    assert resources(made, "Consent")[0]["policy"][0]["uri"] == document["identifier"][0]["value"]
    accepted = resources(made, "Provenance")[0]["policy"][0].removeprefix("ni:///sha-256;")
    assert base64.urlsafe_b64decode(accepted + "=").hex() == sha(DISCLOSURE.encode())


def test_nothing_is_opted_into() -> None:
    """A system that enforces consents must find no rule in it: agreeing to a policy releases nothing."""
    for name in RECORDS:
        text = json.dumps(fhir.bundle(RECORDS[name], policy_pdf=None))
        assert not any(word in text for word in ("OPTIN", "OPTOUT", '"permit"', '"deny"'))


def test_answers_of_the_understanding_check_stand_with_who_gave_them() -> None:
    made = record("couple", signer("client", "Ana Lima"), signer("client", "Bo Lima", understanding=None))
    uid = made["signers"][0]["uid"]
    asked = {uid: [{"id": "friends", "text": "Do I accept friend requests?", "answer": "No"}]}
    first, second, clauses = resources(fhir.bundle(made, policy_pdf=None, questions=asked), "QuestionnaireResponse")
    given = {item["linkId"]: item["answer"][0] for item in first["item"]}
    assert given["understanding.friends"] == {"valueString": "No"}
    assert given["understanding.asked"] == {"valueInteger": 3}
    assert not any(item["linkId"].startswith("understanding") for item in second["item"])
    assert clauses["item"][0]["text"] == "Friend requests"
    assert problems(fhir.bundle(made, policy_pdf=None, questions=asked)) == []


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"}]}', "\u202eevil", "=1+1", "x" * 5000, "\n\t"])
def test_words_of_people_stay_words(hostile: str) -> None:
    made = fresh("a guardian, an interpreter and a witness")
    for one in made["signers"]:
        one.update(name=hostile, relationship=hostile, authority=hostile, reason=hostile, signed_name=hostile)
    made["practice"]["name"] = made["client"]["code"] = hostile
    assert problems(fhir.bundle(made, policy_pdf=None, names=True)) == []


def test_a_uid_that_is_none_is_refused() -> None:
    made = fresh()
    made["acknowledgement"]["uid"] = "../../etc/passwd"
    with pytest.raises(ValueError, match="UUID"):
        fhir.bundle(made, policy_pdf=None)
