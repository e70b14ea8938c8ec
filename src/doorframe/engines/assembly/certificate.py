"""The document that gets sealed: the policy as it was shown, the signatures, and the certificate.

The certificate is words about the record: it says in a person's language what the record says in data, prints every
hash, and tells how anyone can work them out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from doorframe.engines.assembly.document import (
    Block,
    Document,
    ListBlock,
    Mark,
    Paragraph,
    Section,
    Signatures,
    Table,
)
from doorframe.engines.assembly.moments import Moments, fill
from doorframe.engines.text import Span


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What the page says about the seal that closes it.

    record_sha256  of the canonical bytes of the record
    fingerprint    SHA-256 of the seal's certificate, "" where it is not known yet
    issuer         who certified the key; "" where the practice made it itself
    witnessed      True where a time-stamp authority is asked
    """

    record_sha256: str
    fingerprint: str = ""
    issuer: str = ""
    witnessed: bool = False


def certificate(
    policy: Document, record: Mapping[str, Any], *, words: Mapping[str, str], seal: SealFacts, zone: tzinfo
) -> Document:
    """The policy with its signatures and its certificate, ready to render.

    policy  as it was shown; its empty page to sign is left out
    record  in the shape "doorframe-acknowledgement/1"
    words   of content/signing/certificate.toml
    zone    where the practice is: its clock is shown beside UTC

    Raises KeyError for a record or words that lack something.
    """
    writer = _Writer(record, words, seal, zone)
    edition = fill(words, "edition", version=policy.version, reference=record["acknowledgement"]["reference"])
    shown = tuple(section for section in policy.sections if not is_page_to_sign(section))
    sections = (*shown, writer.signatures(), writer.certificate())
    return replace(policy, version=edition, sections=sections)


def is_page_to_sign(section: Section) -> bool:
    """Whether this is the empty page to sign, whose place the signatures themselves take."""
    return any(isinstance(block, Signatures) for block in section.blocks)


class _Writer:
    """Writes the parts that follow the policy."""

    def __init__(self, record: Mapping[str, Any], words: Mapping[str, str], seal: SealFacts, zone: tzinfo) -> None:
        self.record = record
        self.words = words
        self.seal = seal
        self.time = Moments(words, zone, record["paper"]["language"])

    def say(self, key: str, **values: object) -> str:
        return fill(self.words, key, **values)

    def named(self, kind: str, value: str) -> str:
        """The words for one value of a list, else the value itself."""
        return self.words.get(f"{kind}_{value}", value)

    def paragraph(self, place: str, *sentences: str) -> Paragraph:
        return Paragraph(place, _sentences(sentences))

    # Signatures

    def signatures(self) -> Section:
        signers = self.record["signers"]
        intro = "signatures_intro" if signers else "signatures_none"
        people = tuple(self.signer(signer, f"signer-{number}") for number, signer in enumerate(signers, 1))
        lead = self.paragraph("signatures-intro", self.say(intro))
        return Section("given-signatures", self.say("signatures"), (lead,), people, new_page=True)

    def signer(self, signer: Mapping[str, Any], place: str) -> Section:
        name = self.name(signer)
        title = self.say("heading", name=name, capacity=self.named("capacity", signer["capacity"]))
        blocks: list[Block] = [Paragraph(f"{place}-choice", (Span(self.choice(signer), strong=True),))]
        blocks += self.mark(signer, place, name)
        blocks.append(self.paragraph(f"{place}-how", *self.how(signer, name)))
        if steps := list(self.steps(signer)):
            blocks.append(self.paragraph(f"{place}-steps", *steps))
        return Section(place, title, tuple(blocks))

    def name(self, signer: Mapping[str, Any]) -> str:
        return str(signer["name"] or signer["signed_name"] or self.say("no_name"))

    def choice(self, signer: Mapping[str, Any]) -> str:
        own = f"choice_{signer['capacity']}"
        agreed = signer["choice"] in ("agree", "countersign")
        if agreed and own in self.words:
            return self.say(own)
        return self.named("choice", signer["choice"] or "none")

    def mark(self, signer: Mapping[str, Any], place: str, name: str) -> Iterator[Mark]:
        drawing = signer["drawing"] if signer["method"] == "drawn" else None
        if drawing:
            strokes = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in drawing)
            yield Mark(f"{place}-mark", strokes=strokes, spoken=self.say("drawn_by", name=name))
        elif signer["method"] == "typed" and signer["signed_name"]:
            yield Mark(f"{place}-mark", typed=signer["signed_name"])

    def how(self, signer: Mapping[str, Any], name: str) -> Iterator[str]:
        at = signer["signed_at"]
        if at:
            method = signer["method"] if f"method_{signer['method']}" in self.words else "none"
            signed = signer["signed_name"] or name
            yield self.say(f"method_{method}", name=signed, when=self.time.local(at), utc=self.time.utc(at))
        for key in ("relationship", "authority", "signs_for", "reason"):
            of_another = key != "signs_for" or signer["capacity"] == "guardian"
            if signer.get(key) and of_another:
                yield self.say(key, **{key: signer[key]})

    def steps(self, signer: Mapping[str, Any]) -> Iterator[str]:
        """What came before the signature, and on what it was given."""
        for key, field in (("sent", "sent_at"), ("opened", "opened_at"), ("read", "read_at"),
                           ("consented", "consented_at")):  # fmt: skip
            if signer.get(field):
                yield self.say(key, when=self.time.local(signer[field]))
        if checked := signer.get("understanding"):
            yield self.say("understanding", asked=checked["asked"], right=checked["right"])

    # Certificate

    def certificate(self) -> Section:
        intro = self.paragraph("certificate-intro", self.say("certificate_intro"))
        parts = [self.what(), self.proves(), self.events(), *self.questions(), *self.disclosures(), *self.devices(),
                 self.hashes(), self.check()]  # fmt: skip
        return Section("certificate", self.say("certificate"), (intro,), tuple(parts), new_page=True)

    def what(self) -> Section:
        rows = [(self.say(key), value) for key, value in self.facts() if value]
        table = self.table("certificate-facts", ("what_column", "value_column"), rows)
        return Section("certificate-what", self.say("what"), (table,))

    def facts(self) -> Iterator[tuple[str, str]]:
        record, paper, act = self.record, self.record["paper"], self.record["acknowledgement"]
        client = record["client"]
        yield "practice", record["practice"]["name"]
        yield "reference", act["reference"]
        yield "client", self.say("client_value", code=client["code"], kind=self.named("kind", client["kind"]))
        yield "state", self.named("state", act["state"])
        yield "policy", self.say("policy_value", title=paper["title"], number=paper["number"])
        yield "language", paper["language"]
        yield "in_force", self.time.day(paper["in_force_from"] or "")
        for key, at in (("began", act["opened_at"]), ("ended", act["closed_at"]), ("sealed", record["sealed_at"])):
            yield key, f"{self.time.local(at)} ({self.time.utc(at)})" if at else ""
        yield "time_zone", self.say("time_zone_value", zone=record["practice"]["time_zone"].replace("_", " "))

    def events(self) -> Section:
        found = self.record["events"]
        title = self.say("events")
        if not found:
            return Section("certificate-events", title, (self.paragraph("events-intro", self.say("events_none")),))
        rows = [
            (str(event["seq"]), self.time.local(event["at"]), self.named("event", event["name"]), event["who"])
            for event in found
        ]
        columns = ("number_column", "when_column", "event_column", "who_column")
        lead = self.paragraph("events-intro", self.say("events_intro"))
        return Section("certificate-events", title, (lead, self.table("events", columns, rows)))

    def questions(self) -> Iterator[Section]:
        found = self.record["questions"]
        if not found:
            return
        rows = [(each["title"], self.time.local(each["asked_at"]), self.closing(each)) for each in found]
        lead = self.paragraph("questions-intro", self.say("questions_intro"))
        table = self.table("questions", ("question_column", "asked_column", "closed_column"), rows)
        yield Section("certificate-questions", self.say("questions"), (lead, table))

    def closing(self, question: Mapping[str, Any]) -> str:
        how = question["how"]
        return self.say(f"how_{how}", when=self.time.local(question["closed_at"])) if how else ""

    def disclosures(self) -> Iterator[Section]:
        found = self.record["disclosures"]
        if not found:
            return
        blocks: list[Block] = [self.paragraph("disclosures-intro", self.say("disclosures_intro"))]
        for number, each in enumerate(found, 1):
            lines = [line for line in each["text"].split("\n") if line.strip()]
            blocks += [Paragraph(f"disclosure-{number}-{at}", (Span(line),)) for at, line in enumerate(lines, 1)]
        yield Section("certificate-disclosures", self.say("disclosures"), tuple(blocks))

    def devices(self) -> Iterator[Section]:
        rows = [
            (self.name(signer), signer["user_agent"] or self.say("no_time"), signer["ip"] or self.say("address_none"))
            for signer in self.record["signers"]
            if signer.get("user_agent") or signer.get("ip")
        ]
        if rows:
            lead = self.paragraph("devices-intro", self.say("devices_intro"))
            table = self.table("devices", ("who_column", "device_column", "address_column"), rows)
            yield Section("certificate-devices", self.say("devices"), (lead, table))

    def hashes(self) -> Section:
        paper, chain = self.record["paper"], self.record["chain"]
        rows = [
            (self.say("hash_policy"), paper["text_sha256"]),
            (self.say("hash_record"), self.seal.record_sha256),
            *((self.say("hash_disclosure", language=each["language"]), each["sha256"])
              for each in self.record["disclosures"]),
            (self.say("hash_chain", seq=chain["seq"]), chain["hash"]),
            (self.say("hash_pack", pack=paper["pack"]), paper["pack_sha256"]),
            (self.say("hash_key"), self.seal.fingerprint),
        ]  # fmt: skip
        lead = self.paragraph("hashes-intro", self.say("hashes_intro"))
        halved = [(what, f"{hash[:32]}\n{hash[32:]}") for what, hash in rows if hash]
        table = self.table("hashes", ("what_column", "hash_column"), halved)
        return Section("certificate-hashes", self.say("hashes"), (lead, table))

    def check(self) -> Section:
        ways = [self.say("check_doorframe"), self.say("check_reader"), self.say("check_attachments"),
                self.say("check_canonical"), self.say("check_chain", seq=self.record["chain"]["seq"]),
                self.say("check_seal")]  # fmt: skip
        steps = ListBlock("check-steps", tuple((Span(way),) for way in ways), ordered=True)
        return Section(
            "certificate-check", self.say("check"), (self.paragraph("check-intro", self.say("check_intro")), steps)
        )

    def proves(self) -> Section:
        issuer = self.seal.issuer
        said = [
            self.say("proves_whole", practice=self.record["practice"]["name"]),
            self.say("proves_issued", issuer=issuer) if issuer else self.say("proves_own"),
            self.say("proves_witness" if self.seal.witnessed else "proves_clock"),
            self.say("proves_person"),
        ]
        points = ListBlock("proves-points", tuple((Span(words),) for words in said))
        return Section("certificate-proves", self.say("proves"), (points,))

    def table(self, place: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
        cells = tuple(tuple((Span(words),) for words in row) for row in rows)
        return Table(place, "", tuple(map(self.say, columns)), cells)


def _sentences(sentences: Iterable[str]) -> tuple[Span, ...]:
    return tuple(Span(f"{words.strip()} ") for words in sentences)
