"""Whatever is changed in a sealed file is noticed, wherever it is, and whatever is no sealed file is answered."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import random
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from doorframe.adapters import kept, seal_pdf
from doorframe.adapters.render import typst
from doorframe.adapters.seal_pdf import verifying, writing
from doorframe.engines.assembly.assemble import Edition, assemble
from doorframe.engines.assembly.document import Paragraph
from doorframe.engines.interview import answers
from doorframe.engines.sealing import canonical_bytes
from doorframe.engines.text import Span
from tests.adapters.seal_pdf import samples
from tests.engines.practices import pack

HEX = b"0123456789ABCDEF"


def failed(data: bytes, **more: str) -> list[str]:
    """The checks that do not hold, of a file that can be looked at."""
    verdict = seal_pdf.verify(data, **more)
    assert verdict.outcome == "altered", verdict
    assert verdict.exit_code == 1
    return [check.id for check in verdict.checks if not check.ok]


def sealed(pdf: bytes, algorithm: str = "ec") -> bytes:
    return seal_pdf.seal(pdf, key=samples.key(algorithm), at=samples.AT, name=samples.NAME)


# Intact


@pytest.mark.promise("C8")
@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
def test_what_was_not_touched_is_intact(algorithm: str) -> None:
    verdict = seal_pdf.verify(samples.short(algorithm))
    assert (verdict.outcome, verdict.exit_code) == ("intact", 0)
    assert all(check.ok for check in verdict.checks)
    assert dict(verdict.about)["reference"] == "7KQ-M3F"
    assert "nobody else vouches" in verdict.notes[0]
    assert verdict.as_plain()["seal"]["self_signed"]


@pytest.mark.promise("C8")
def test_a_whole_policy_is_intact_and_every_passage_is_on_its_pages() -> None:
    verdict = seal_pdf.verify(samples.sealed())
    assert verdict.outcome == "intact"
    said = next(check.sentence for check in verdict.checks if check.id == "pages")
    found = re.search(r"(\d+) of (\d+)", said)
    assert found and found[1] == found[2] and int(found[1]) > 100


@pytest.mark.promise("C8")
def test_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("verify reached for the network")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    assert seal_pdf.verify(samples.short()).outcome == "intact"


def test_it_answers_where_an_event_loop_runs_already() -> None:
    async def within() -> str:
        return seal_pdf.verify(samples.short()).outcome

    assert asyncio.run(within()) == "intact"


def test_years_later_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is judged at the time of the seal: it may have run out when somebody asks."""
    from datetime import timedelta

    old = samples.AT - timedelta(days=365 * 40)
    key = seal_pdf.load_key(seal_pdf.new_key(samples.NAME, old))
    pdf = seal_pdf.paper(samples.short_policy(), samples.short_record(), words=samples.words(), key=key)
    assert seal_pdf.verify(seal_pdf.seal(pdf, key=key, at=old, name=samples.NAME)).outcome == "intact"


# One byte


def flipped(data: bytes, place: int, by: int) -> bytes:
    """The file with another byte there: inside the seal another digit, so that it still can be read."""
    before, after = samples.gap(data)
    old = data[place]
    in_seal = before < place < after - 1
    new = HEX[(HEX.index(old) + 1 + by % 15) % 16] if in_seal else old ^ (1 + by % 255)
    return data[:place] + bytes([new]) + data[place + 1 :]


@pytest.mark.promise("C8")
@settings(max_examples=60)
@given(where=st.floats(0, 1, exclude_max=True), by=st.integers(0, 254), algorithm=st.sampled_from(["ec", "rsa"]))
@example(where=0.0, by=0, algorithm="ec")
def test_one_byte_anywhere_is_noticed(where: float, by: int, algorithm: str) -> None:
    data = samples.short(algorithm)
    verdict = seal_pdf.verify(flipped(data, int(where * len(data)), by))
    assert verdict.outcome != "intact"


@pytest.mark.promise("C8")
@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
def test_one_digit_of_the_seal_itself_is_noticed(algorithm: str) -> None:
    """These bytes no signature can cover: each has to have one way to be written."""
    data = samples.short(algorithm)
    before, after = samples.gap(data)
    places = [before, after - 1, *random.Random(7).sample(range(before, after), 40)]
    assert [place for place in places if seal_pdf.verify(flipped(data, place, place)).outcome == "intact"] == []


def test_a_digit_in_small_letters_is_noticed() -> None:
    data = samples.short()
    before, after = samples.gap(data)
    place = next(at for at in range(before, after) if data[at] in b"ABCDEF")
    assert failed(data[:place] + data[place : place + 1].lower() + data[place + 1 :]) == ["seal"]


def test_something_hidden_in_the_room_after_the_seal_is_noticed() -> None:
    data = samples.short()
    _, after = samples.gap(data)
    assert data[after - 9 : after - 1] == b"0" * 8, "the room is larger than the seal"
    assert failed(data[: after - 9] + b"CAFEBABE" + data[after - 1 :]) == ["seal"]


# More or less of it


@pytest.mark.promise("C8")
@pytest.mark.parametrize("more", [b"\n", b"%", b"\n%%EOF\n", b"PK\x05\x06" + bytes(18)], ids=repr)
def test_something_at_the_end_is_noticed(more: bytes) -> None:
    assert failed(samples.short() + more)


@pytest.mark.promise("C8")
def test_an_appended_revision_is_noticed_and_named() -> None:
    """A revision as any program writes it: the bytes that were sealed stay, what is shown is another."""
    writer = PdfWriter(io.BytesIO(samples.short()), incremental=True)
    writer.add_metadata({"/Title": "Another policy"})
    writer.pages[0].rotate(90)
    target = io.BytesIO()
    writer.write(target)
    changed = target.getvalue()
    assert changed.startswith(samples.short()) and PdfReader(io.BytesIO(changed)).pages[0]["/Rotate"] == 90
    assert "whole" in failed(changed)


@pytest.mark.promise("C8")
@settings(max_examples=20)
@given(share=st.floats(0.0, 1.0, exclude_max=True))
@example(share=0.999999)
def test_a_cut_file_is_never_intact(share: float) -> None:
    data = samples.short()
    assert seal_pdf.verify(data[: int(len(data) * share)]).outcome != "intact"


def test_two_files_in_one_are_not_intact() -> None:
    assert seal_pdf.verify(samples.short() + samples.short("rsa")).outcome == "altered"


# Sealed anew by somebody else


@pytest.mark.promise("C8")
def test_another_key_is_noticed_by_its_fingerprint() -> None:
    data, other = samples.short(), samples.key("rsa").fingerprint
    assert seal_pdf.verify(data, trust=samples.key().fingerprint).outcome == "intact"
    verdict = seal_pdf.verify(data, trust=other)
    assert verdict.outcome == "altered" and "sealed by somebody else" in verdict.sentence
    assert [check.id for check in verdict.checks if not check.ok] == ["key"]


def test_a_page_that_names_another_certificate_is_noticed() -> None:
    pdf = seal_pdf.paper(samples.short_policy(), samples.short_record(), words=samples.words(), key=samples.key())
    assert failed(sealed(pdf, "rsa")) == ["certificate"]


def attached(told: dict[str, Any], words: object, shown: dict[str, Any] | None = None) -> bytes:
    """A file that somebody seals whose pages and attachments do not belong together."""
    document = writing.document(samples.short_policy(), shown or told, words=samples.words(), key=samples.key())
    files = [
        typst.Attachment(name, canonical_bytes(value).decode(), "application/json", "x")  # type: ignore[arg-type]
        for name, value in ((seal_pdf.RECORD_FILE, told), (seal_pdf.POLICY_FILE, words))
    ]
    return sealed(typst.write(document, files))


@pytest.mark.promise("C8")
def test_a_swapped_attachment_is_noticed() -> None:
    """In place, which breaks the seal; and by somebody who seals anew, which the hashes show."""
    told, words = samples.short_record(), kept.words(samples.short_policy())
    assert seal_pdf.verify(attached(told, words)).outcome == "intact", "the way to make them is sound"
    other = {**words, "lede": []}
    assert failed(attached(told, other)) == ["policy", "pages"]
    right = {**told, "paper": {**told["paper"], "text_sha256": hashlib.sha256(canonical_bytes(other)).hexdigest()}}
    assert failed(attached(right, other)) == ["pages"]


def swapped(change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What fails where the record is changed after its pages were made."""
    told = samples.short_record()
    change(told)
    return failed(attached(told, kept.words(samples.short_policy()), shown=samples.short_record()))


def test_a_record_that_tells_something_else_is_noticed() -> None:
    def later(told: dict[str, Any]) -> None:
        told["signers"][0]["choice"] = "decline"

    def words(told: dict[str, Any]) -> None:
        told["disclosures"][0]["text"] += " And you waive everything."

    def stranger(told: dict[str, Any]) -> None:
        told["signers"][0]["disclosure_sha256"] = "0" * 64

    def order(told: dict[str, Any]) -> None:
        told["events"] = [*told["events"], told["events"][0]]

    def beyond(told: dict[str, Any]) -> None:
        told["chain"]["seq"] = 5

    def head(told: dict[str, Any]) -> None:
        told["chain"]["hash"] = "f" * 64

    assert swapped(later) == ["certificate"]
    assert swapped(words) == swapped(stranger) == ["disclosure", "certificate"]
    assert swapped(order) == swapped(beyond) == ["events", "certificate"]
    assert swapped(head) == ["events", "certificate"]


@pytest.mark.parametrize(
    "record", [{}, {"format": "doorframe-acknowledgement/1"}, {"format": "doorframe-acknowledgement/2"},
               {**samples.short_record(), "signers": 5}, {**samples.short_record(), "chain": None},
               {**samples.short_record(), "events": [{"seq": "x"}]}, {**samples.short_record(), "disclosures": [[]]}],
    ids=["nothing", "format alone", "later format", "signers", "chain", "events", "disclosures"],
)  # fmt: skip
def test_a_record_of_any_shape_is_answered(record: dict[str, Any]) -> None:
    found = attached(record, kept.words(samples.short_policy()), shown=samples.short_record())
    assert "record" in failed(found)


RECORD_BYTES = [
    b"not json", b"[]", b'{"format": "doorframe-acknowledgement/1"}', b'{"format":0.5}', b"[" * 100_000,
    b'{"a":' + b"9" * 10_000 + b"}", b'{"a":1,"a":1}', b"{\"a\":\"\\ud800\"}",
]  # fmt: skip


@pytest.mark.parametrize("data", RECORD_BYTES, ids=lambda data: repr(data[:20]))
def test_bytes_that_are_not_canonical_are_no_record(data: bytes) -> None:
    document = writing.document(
        samples.short_policy(), samples.short_record(), words=samples.words(), key=samples.key()
    )
    files = [typst.Attachment(seal_pdf.RECORD_FILE, data.decode(), "application/json", "x")]
    assert failed(sealed(typst.write(document, files))) == ["record"]


def test_a_sealed_pdf_without_a_record_is_not_a_sealed_copy() -> None:
    assert failed(sealed(typst.write(samples.short_policy()))) == ["record"]


# No sealed file at all


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"hello", "not a PDF"),
        (b"\n" + b"%PDF-1.7", "not a PDF"),
        (b"PK\x03\x04" + bytes(100), "not a PDF"),
        (b"%PDF-1.7", "cannot be read"),
        (b"%PDF-1.7\n" + os.urandom(4000), "cannot be read"),
        (b"%PDF-1.7\n" + b"[" * 50_000, "cannot be read"),
    ],
    ids=["empty", "text", "late", "zip", "head", "noise", "nested"],
)
def test_what_is_no_sealed_pdf_is_answered_in_a_sentence(data: bytes, sentence: str) -> None:
    verdict = seal_pdf.verify(data)
    assert (verdict.outcome, verdict.exit_code) == ("unreadable", 2)
    assert sentence in verdict.sentence and verdict.checks == ()


def test_a_pdf_without_a_seal_says_so() -> None:
    verdict = seal_pdf.verify(samples.paper_of(samples.short_record()))
    assert verdict.exit_code == 2 and "no seal" in verdict.sentence


def test_a_file_of_another_order_of_size_is_not_read() -> None:
    verdict = seal_pdf.verify(b"%PDF-1.7" + bytes(verifying.LARGEST))
    assert verdict.exit_code == 2 and "larger than 100 MB" in verdict.sentence


def test_a_locked_pdf_says_so() -> None:
    writer = PdfWriter(io.BytesIO(samples.paper_of(samples.short_record())))
    writer.encrypt("sesame", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    verdict = seal_pdf.verify(target.getvalue())
    assert verdict.exit_code == 2 and "password" in verdict.sentence


@given(st.binary(max_size=400))
@settings(max_examples=30)
def test_any_bytes_are_answered(data: bytes) -> None:
    outcome = "altered" if b"/ByteRange" in data else "unreadable"
    assert seal_pdf.verify(b"%PDF-1.7\n" + data).outcome == outcome
    assert seal_pdf.verify(b"%PDF-1.7\n/ByteRange" + data).outcome == "altered"


@pytest.mark.parametrize(
    ("text", "found"),
    [("AB" * 32, "ab" * 32), (":".join(["ab"] * 32), "ab" * 32), (" ".join(["abab"] * 16) + "\n", "ab" * 32),
     ("", ""), ("ab" * 31, ""), ("xy" * 32, ""), ("ab" * 33, "")],
)  # fmt: skip
def test_a_fingerprint_is_read_as_people_write_it(text: str, found: str) -> None:
    assert verifying.fingerprint(text) == found


# Nothing is called altered that is not

TRICKY = [
    "Zoë Ångström",
    "ﬁn ﬀ e\u0301",
    "שלום مرحبا",
    "漢字 Ana",
    "a\u200dﬄ 1\u200d ʼ",
    "x" * 90,
    "A\u2028B\u00adC",
    "😀 👩\u200d👧",
]


@pytest.mark.parametrize("typed", TRICKY)
def test_names_and_words_of_any_script_do_not_look_altered(typed: str) -> None:
    """A page shows some characters in another way than they were typed; that is no change."""
    words = replace(samples.short_policy(), lede=(Paragraph("l", (Span(f"{typed} and "), Span(typed))),))
    told = samples.record(words)
    told["signers"] = [{**told["signers"][0], "name": typed, "signed_name": typed, "relationship": typed}]
    assert seal_pdf.verify(sealed(samples.paper_of(told, words))).outcome == "intact"


@pytest.mark.parametrize("name", ["ca-on-group", "group-facilitator", "uk-person-centred", "us-mft-minors"])
def test_policies_of_every_kind_are_found_on_their_pages(name: str) -> None:
    file = Path(__file__).parents[2] / "golden" / name / "answers.toml"
    given_answers, _ = answers.check(pack(), answers.read_toml(pack(), file.read_text(encoding="utf-8"))[0])
    document = assemble(
        pack(), given_answers, "policy", Edition(dated="2026-11-21", version=2, draft=name == "group-facilitator")
    )
    verdict = seal_pdf.verify(sealed(samples.paper_of(samples.record(document), document)))
    assert verdict.outcome == "intact", [check for check in verdict.checks if not check.ok]
