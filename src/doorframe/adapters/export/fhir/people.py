"""Who: the practice, the clients, those who stand beside them, and the therapist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from doorframe.adapters.export.fhir.values import TERMS, URI, Json, to

DECIDERS = {"client", "guardian"}


class People:
    """The people of one record, each with one id in all bundles of the practice."""

    def __init__(self, record: Mapping[str, Any], *, names: bool) -> None:
        self.record, self.names = record, names
        self.practice = UUID(record["practice"]["uid"])
        self.signers: list[Mapping[str, Any]] = list(record["signers"])
        self.deciders = [signer for signer in self.signers if signer["capacity"] in DECIDERS]
        self.organization = self.id("Organization", str(self.practice))

    def id(self, kind: str, key: str) -> str:
        return str(uuid5(self.practice, f"{kind}/{key}"))

    def _code_of(self, signer: Mapping[str, Any]) -> str:
        return str(signer["signs_for"] or self.record["client"]["code"])

    def _patient_key(self, signer: Mapping[str, Any]) -> str:
        """Whom a decision is about. Two of a couple share one code, and are told apart by who signed."""
        code = self._code_of(signer)
        sharing = [one for one in self.deciders if one["capacity"] == "client" and self._code_of(one) == code]
        if signer["capacity"] == "client" and len(sharing) > 1:
            return f"{code}/{signer['uid']}"
        return code

    def patient(self, signer: Mapping[str, Any]) -> str:
        return self.id("Patient", self._patient_key(signer))

    def person(self, signer: Mapping[str, Any]) -> str:
        """The id of the resource that stands for a signer."""
        if signer["capacity"] == "client":
            return self.patient(signer)
        kind = "Practitioner" if signer["capacity"] == "therapist" else "RelatedPerson"
        return self.id(kind, signer["uid"])

    def resources(self) -> list[Json]:
        """A patient for each one decided about, then those who signed beside them."""
        found: dict[str, Json] = {}
        for signer in self.deciders:
            found.setdefault(self.patient(signer), self._patient_resource(signer))
        if not found:
            code = self.record["client"]["code"]
            found[self.id("Patient", code)] = self._patient_resource({"signs_for": code, "capacity": ""})
        for signer in self.deciders:
            if signer["capacity"] == "client" and self.names:
                found[self.patient(signer)]["name"] = [{"text": signer["name"]}]
        for signer in self.signers:
            if signer["capacity"] != "client":
                found.setdefault(self.person(signer), self._other_person(signer))
        return list(found.values())

    def _patient_resource(self, signer: Mapping[str, Any]) -> Json:
        return {
            "resourceType": "Patient",
            "id": self.patient(signer),
            "identifier": [self._code(self._code_of(signer))],
            "managingOrganization": to(self.organization),
        }

    def _code(self, code: str) -> Json:
        """A client's code, which means something to this practice alone."""
        return {"type": {"text": "Practice's own client code"}, "system": f"urn:uuid:{self.practice}", "value": code}

    def _other_person(self, signer: Mapping[str, Any]) -> Json:
        identifier = [{"system": URI, "value": f"urn:uuid:{signer['uid']}"}]
        if signer["capacity"] == "therapist":
            # A professional signs in that capacity and is named, as on any form.
            name = [{"text": signer["name"]}]
            return {
                "resourceType": "Practitioner",
                "id": self.person(signer),
                "identifier": identifier,
                "name": name,
            }
        coding = [{"system": TERMS + "v3-RoleCode", "code": "GUARD", "display": "guardian"}]
        relationship = {
            "coding": coding if signer["capacity"] == "guardian" else [],
            "text": signer["relationship"] or signer["capacity"],
        }
        return {
            "resourceType": "RelatedPerson",
            "id": self.person(signer),
            "identifier": identifier,
            "patient": to(self.patient_for(signer)),
            "relationship": [relationship],
            "name": [{"text": signer["name"]}] if self.names else [],
        }

    def patient_for(self, signer: Mapping[str, Any]) -> str:
        """The patient beside whom somebody stood: whom they sign for, or else the first."""
        if signer["capacity"] == "guardian":
            return self.patient(signer)
        same = [one for one in self.deciders if self._code_of(one) == self._code_of(signer)]
        return self._first_patient([*same, *self.deciders])

    def _first_patient(self, deciders: list[Mapping[str, Any]]) -> str:
        return self.patient(deciders[0]) if deciders else self.id("Patient", self.record["client"]["code"])

    def group(self, people: list[Json]) -> list[Json]:
        """A couple, family or group as such, whose code stands on the record."""
        if self.record["client"]["kind"] == "individual":
            return []
        patients = [one["id"] for one in people if one["resourceType"] == "Patient"]
        return [
            {
                "resourceType": "Group",
                "id": self.subject(),
                "identifier": [self._code(self.record["client"]["code"])],
                "type": "person",
                "actual": True,
                "code": {"text": self.record["client"]["kind"]},
                "member": [{"entity": to(one)} for one in patients],
            }
        ]

    def subject(self) -> str:
        """Whom the acknowledgement as a whole is about."""
        if self.record["client"]["kind"] == "individual":
            return self._first_patient(self.deciders)
        return self.id("Group", self.record["client"]["code"])

    def practice_resource(self) -> Json:
        practice = self.record["practice"]
        return {
            "resourceType": "Organization",
            "id": self.organization,
            "identifier": [{"system": URI, "value": f"urn:uuid:{self.practice}"}],
            "name": practice["name"],
        }
