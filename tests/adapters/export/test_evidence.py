"""A pack holds until someone touches it, shows no stranger's events, and cannot harm who checks it."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from doorframe.adapters import kept, seal_pdf
from doorframe.adapters.export import fhir, tables
from doorframe.adapters.export.evidence import (
    About,
    Entry,
    NotAPack,
    acknowledgement,
    examine,
    pack,
    trail_lines,
    verify_pack,
)
from doorframe.engines.reading import flesch_kincaid
from doorframe.engines.sealing import GENESIS, WITHHELD, Link, canonical_bytes, link_hash
from tests.adapters.export.samples import PRACTICE, WORDS, fresh, trail
from tests.adapters.seal_pdf import samples as sealed

LINKS = trail(12)
MINE = {1, 2, 4, 7, 9}
FOLDER = "acknowledgements/7KQ-M3F"


def about(kind: str = "client", reference: str = "HL-7K3M", links: list[Link] = LINKS) -> About:
    head = (links[-1].seq, links[-1].hash) if links else (0, GENESIS)
    return About(kind, reference, PRACTICE, "Harbour Lane Therapy", "2026-11-22T08:00:00Z", head, "ab" * 32)


def record() -> Any:
    """A record whose events stand in the trail, sealed at its tenth event."""
    made = fresh()
    made["events"] = [
        {
            "seq": link.seq,
            "at": link.payload["at"].replace(".000000+00:00", "Z"),
            "name": link.payload["name"],
            "who": "Dr Imani Cole",
            "data": link.payload["data"],
            "hash": link.hash,
        }
        for link in LINKS
        if link.seq in MINE
    ]
    made["chain"] = {"seq": 10, "hash": LINKS[9].hash}
    return made


def pdf_with(attached: bytes | None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if attached is not None:
        writer.add_attachment("acknowledgement.json", attached)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def entries(made: Any = None, links: list[Link] = LINKS) -> Iterator[Entry]:
    made = made or record()
    bundle = fhir.bundle(made, policy_pdf=None)
    yield from acknowledgement(made, sealed_pdf=pdf_with(canonical_bytes(made)), policy=WORDS, fhir=bundle)
    yield Entry("trail.jsonl", trail_lines(links, is_open=lambda link: link.seq in MINE))
    yield Entry("register.csv", tables.csv_lines(["code", "state"], [["HL-7K3M", "complete"]]))


def whole() -> bytes:
    with pack(entries(), about=about()) as file:
        return file.read()


WHOLE = whole()


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def listed_again(content: dict[str, bytes]) -> bytes:
    """The pack of somebody who changes a file and then the manifest, so that both fit again."""
    manifest = json.loads(content["manifest.json"])
    manifest["files"] = [
        {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in content.items()
        if name != "manifest.json"
    ]
    return zipped({**content, "manifest.json": json.dumps(manifest).encode()})


def sentences(data: bytes) -> list[str]:
    return [f"{one.path}: {one.sentence}" for one in verify_pack(data)]


# A pack that holds


@pytest.mark.promise("D3")
def test_a_pack_as_written_holds() -> None:
    report = examine(WHOLE)
    assert report.is_whole, report.findings
    assert (report.files, report.records, report.events, report.withheld) == (7, 1, 12, 7)
    assert report.sealed == [f"{FOLDER}/sealed.pdf"]
    assert report.manifest["about"] == {"kind": "client", "reference": "HL-7K3M"}


def test_the_same_entries_give_the_same_bytes() -> None:
    assert whole() == WHOLE


@pytest.mark.promise("D3")
def test_what_happened_to_others_is_not_in_it() -> None:
    lines = [json.loads(line) for line in files(WHOLE)["trail.jsonl"].splitlines()]
    assert {line["seq"] for line in lines if "payload" in line} == MINE
    assert all(set(line) == {"seq", "previous_hash", "hash"} for line in lines if line["seq"] not in MINE)
    closed = [replace(link, payload=WITHHELD) for link in LINKS]
    assert all(set(json.loads(line)) == {"seq", "previous_hash", "hash"} for line in trail_lines(closed))


def test_no_name_of_a_file_names_anybody() -> None:
    for name in files(WHOLE):
        assert not any(part in name.lower() for part in ("ana", "lima", "imani", "cole"))


@pytest.mark.parametrize(("kind", "reference"), [("client", "HL-7K3M"), ("version", "3"), ("practice", "")])
def test_the_page_inside_says_what_it_is_in_plain_words(kind: str, reference: str) -> None:
    with pack([Entry("trail.jsonl", trail_lines(LINKS))], about=about(kind, reference)) as file:
        data = file.read()
    text = files(data)["README.txt"].decode()
    assert verify_pack(data) == []
    assert all(
        word in text for word in ("Harbour Lane Therapy", reference, "doorframe verify pack.zip", LINKS[-1].hash)
    )
    assert "ab" * 32 in text
    assert "!" not in text
    assert ("shown by\ntheir number and hashes alone" in text) is (kind != "practice")
    assert max(map(len, text.splitlines())) <= 80
    prose = "\n\n".join(part for part in text.split("\n\n") if not part.startswith((" ", "README.txt")))
    assert flesch_kincaid(prose) <= 9


@pytest.mark.promise("D3")
def test_the_recipe_of_the_page_inside_works_by_hand() -> None:
    """Nothing of ours is called here: a reader has only the page, a hash and JSON."""
    content = files(WHOLE)
    before = "0" * 64
    for line in content["trail.jsonl"].splitlines():
        event = json.loads(line)
        assert event["previous_hash"] == before
        if "payload" in event:
            text = json.dumps(event["payload"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            assert hashlib.sha256(f"{before}\n{text}".encode()).hexdigest() == event["hash"]
        before = event["hash"]
    assert before == json.loads(content["manifest.json"])["trail"]["hash"]
    words = hashlib.sha256(content[f"{FOLDER}/policy.json"]).hexdigest()
    assert words == json.loads(content[f"{FOLDER}/record.json"])["paper"]["text_sha256"]


def test_a_pack_without_events_holds() -> None:
    with pack([], about=about("practice", "", [])) as file:
        assert verify_pack(file) == []


def test_memory_stays_flat_however_much_is_written() -> None:
    noise = Random(7).randbytes(256 * 1024)
    many = 160

    def stream() -> Iterator[Entry]:
        for number in range(many):
            yield Entry(f"files/{number}.pdf", number.to_bytes(4, "big") + noise)
        yield Entry("trail.jsonl", trail_lines(iter(LINKS)))

    with open_temporary() as target:
        tracemalloc.start()
        pack(stream(), about=about(), to=target)
        writing = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        report = examine(target)
        checking = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        size = target.seek(0, 2)
    assert report.findings == []
    assert report.files == many + 2
    assert size > many * len(noise)
    assert writing < size / 8
    assert checking < size / 8


def open_temporary() -> Any:
    import tempfile

    return tempfile.TemporaryFile()


@pytest.mark.parametrize(
    "path",
    [
        "../evil", "/etc/passwd", "a/../b", "a\\b", "C:/x", "a//b", "", ".", "a/", "a/.hidden", "con", "a/NUL.txt",
        "x.",
        "README.txt", "manifest.json", "Manifest.JSON", "Ana Lima.pdf", "a\x00b", "a\nb", "é.pdf", "x" * 300, "a:b",
    ],
)  # fmt: skip
def test_an_unsafe_name_is_not_written(path: str) -> None:
    with pytest.raises(ValueError, match=r"no safe name|stands twice"):
        pack([Entry(path, b"x")], about=about())


def test_no_name_is_written_twice() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        pack([Entry("a.txt", b"x"), Entry("A.txt", b"y")], about=about())


# Someone touches it


@pytest.mark.promise("D3")
@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found_or_changes_nothing(at: int, by: int) -> None:
    """A byte of the ZIP's own bookkeeping may mean nothing; then every file is still what it was."""
    data = bytearray(WHOLE)
    data[at] ^= by
    try:
        found = verify_pack(bytes(data))
    except NotAPack:
        return
    assert found or files(bytes(data)) == files(WHOLE)


@pytest.mark.parametrize("name", [name for name in files(WHOLE) if name != "manifest.json"])
def test_a_changed_missing_or_added_file_is_named(name: str) -> None:
    content = files(WHOLE)
    changed = zipped({**content, name: content[name] + b" "})
    assert f"{name}: This file is not the one that the manifest names: its hash is another." in sentences(changed)
    missing = zipped({key: data for key, data in content.items() if key != name})
    assert f"{name}: The manifest names this file, but it is missing." in sentences(missing)
    assert sentences(zipped({**content, "more.txt": b""})) == ["more.txt: This file is not in the manifest."]


def event(content: dict[str, bytes], number: int) -> tuple[list[Any], Any]:
    lines = [json.loads(line) for line in content["trail.jsonl"].splitlines()]
    return lines, lines[number - 1]


def put_trail(content: dict[str, bytes], lines: list[Any]) -> None:
    content["trail.jsonl"] = b"".join(canonical_bytes(line) + b"\n" for line in lines)


def alter_event(content: dict[str, bytes]) -> None:
    lines, one = event(content, 4)
    one["payload"]["name"] = "signatures.link.opened"
    put_trail(content, lines)


def alter_event_and_hash(content: dict[str, bytes]) -> None:
    lines, one = event(content, 4)
    one["payload"]["name"] = "signatures.link.opened"
    one["hash"] = link_hash(one["previous_hash"], one["payload"])
    put_trail(content, lines)


def cut_event(content: dict[str, bytes]) -> None:
    lines, one = event(content, 3)
    lines.remove(one)
    put_trail(content, lines)


def cut_end(content: dict[str, bytes]) -> None:
    put_trail(content, event(content, 1)[0][:11])


def close_event(content: dict[str, bytes]) -> None:
    lines, one = event(content, 12)
    one["hash"] = "f" * 64
    put_trail(content, lines)


def renumber(content: dict[str, bytes]) -> None:
    lines, one = event(content, 2)
    one["payload"]["practice"] = "another"
    one["hash"] = link_hash(one["previous_hash"], one["payload"])
    put_trail(content, lines)


def no_trail(content: dict[str, bytes]) -> None:
    del content["trail.jsonl"]


def broken_line(content: dict[str, bytes]) -> None:
    content["trail.jsonl"] += b"{not json\n"


def deep_line(content: dict[str, bytes]) -> None:
    lines = content["trail.jsonl"].splitlines(keepends=True)
    deep = b'{"a":' * 300 + b"1" + b"}" * 300
    lines[0] = lines[0].replace(b'"payload":{', b'"payload":{"deep":' + deep + b",")
    content["trail.jsonl"] = b"".join(lines)


def endless_line(content: dict[str, bytes]) -> None:
    content["trail.jsonl"] = Random(1).randbytes(700_000).hex().encode()


def change_record(change: Callable[[Any], None]) -> Callable[[dict[str, bytes]], None]:
    def apply(content: dict[str, bytes]) -> None:
        made = json.loads(content[f"{FOLDER}/record.json"])
        change(made)
        content[f"{FOLDER}/record.json"] = canonical_bytes(made)
        content[f"{FOLDER}/sealed.pdf"] = pdf_with(canonical_bytes(made))

    return apply


def other_spelling(content: dict[str, bytes]) -> None:
    content[f"{FOLDER}/record.json"] = json.dumps(json.loads(content[f"{FOLDER}/record.json"]), indent=1).encode()


def other_pdf(content: dict[str, bytes]) -> None:
    content[f"{FOLDER}/sealed.pdf"] = pdf_with(b"{}")


def bare_pdf(content: dict[str, bytes]) -> None:
    content[f"{FOLDER}/sealed.pdf"] = pdf_with(None)


def no_pdf(content: dict[str, bytes]) -> None:
    content[f"{FOLDER}/sealed.pdf"] = b"%PDF-1.7 nothing"


def other_words(content: dict[str, bytes]) -> None:
    content[f"{FOLDER}/policy.json"] = content[f"{FOLDER}/policy.json"].replace(b"do not accept", b"do accept")


TOUCHED: list[tuple[Callable[[dict[str, bytes]], None], str]] = [
    (alter_event, "trail.jsonl: Record 4 was altered after it was written."),
    (alter_event_and_hash, "trail.jsonl: Record 5 does not follow the record before it."),
    (cut_event, "trail.jsonl: Record 3 is missing."),
    (cut_end, "trail.jsonl: The chain ends at record 11, but its head names record 12."),
    (close_event, "trail.jsonl: The hash of the last record is not the one its head names."),
    (renumber, "trail.jsonl: Record 2 says that it is another one."),
    (no_trail, "trail.jsonl: The trail is missing, so nothing can be said about what happened when."),
    (broken_line, "trail.jsonl: Line 13 of the trail cannot be read, so nothing after it was checked."),
    (deep_line, "trail.jsonl: "),
    (endless_line, "trail.jsonl: Line 1 of the trail cannot be read, so nothing after it was checked."),
    (
        change_record(lambda made: made["chain"].update(hash="f" * 64)),
        f"{FOLDER}/record.json: This record does not fit the trail: event 10 has another hash there.",
    ),
    (
        change_record(lambda made: made["chain"].update(seq=40)),
        f"{FOLDER}/record.json: This record names event 40, which is not in the trail.",
    ),
    (
        change_record(lambda made: made.pop("chain")),
        f"{FOLDER}/record.json: This record names no place in the trail.",
    ),
    (
        change_record(lambda made: made["events"][0].update(hash="f" * 64)),
        f"{FOLDER}/record.json: This record does not fit the trail: event 1 has another hash there.",
    ),
    (
        change_record(lambda made: made["events"][0].update(name="signatures.signature.signed")),
        f"{FOLDER}/record.json: This record tells event 1 in another way than the trail.",
    ),
    (
        change_record(lambda made: made["events"][0].update(at="2026-11-21T18:01:00Z")),
        f"{FOLDER}/record.json: This record tells event 1 in another way than the trail.",
    ),
    (
        change_record(lambda made: made["practice"].update(uid="another")),
        f"{FOLDER}/record.json: This record is of another practice than the pack.",
    ),
    (
        change_record(lambda made: made["disclosures"][0].update(text="You agreed to everything.")),
        f"{FOLDER}/record.json: The words of a disclosure are not those whose hash stands with them.",
    ),
    (other_spelling, f"{FOLDER}/record.json: This record is not written in the one form that can be hashed."),
    (other_words, f"{FOLDER}/record.json: The words in policy.json are not those whose hash stands in this record."),
    (other_pdf, f"{FOLDER}/sealed.pdf: The record that is attached to this PDF is not the one beside it."),
    (bare_pdf, f"{FOLDER}/sealed.pdf: No record is attached to this PDF, or the PDF cannot be read."),
    (no_pdf, f"{FOLDER}/sealed.pdf: No record is attached to this PDF, or the PDF cannot be read."),
]


@pytest.mark.promise("D3")
@pytest.mark.parametrize(("touch", "sentence"), TOUCHED, ids=[str(number) for number in range(len(TOUCHED))])
def test_what_the_manifest_was_made_to_hide_is_still_found(
    touch: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    content = files(WHOLE)
    touch(content)
    found = sentences(listed_again(content))
    assert any(one.startswith(sentence) for one in found), found


@pytest.mark.parametrize("data", [b"[]", b"null", b"{", b'{"a":NaN}', b"\xff", b'{"chain": 1}', b"[" * 100_000])
def test_a_record_that_is_none_is_said(data: bytes) -> None:
    content = files(WHOLE)
    content[f"{FOLDER}/record.json"] = data
    assert any(one.startswith(f"{FOLDER}/record.json: This record") for one in sentences(listed_again(content)))


@pytest.mark.promise("D3")
def test_a_trail_that_was_written_anew_does_not_fit_what_was_sealed() -> None:
    """Somebody with the pack alone makes the chain fit from end to end, and its head; the sealed record tells."""
    content = files(WHOLE)
    lines, one = event(content, 4)
    one["payload"]["data"] = {"n": 400}
    previous = GENESIS
    for line in lines:
        line["previous_hash"] = previous
        line["hash"] = previous = link_hash(previous, line.get("payload", {"seq": line["seq"]}))
    put_trail(content, lines)
    manifest = json.loads(content["manifest.json"])
    manifest["trail"]["hash"] = previous
    content["manifest.json"] = json.dumps(manifest).encode()
    found = sentences(listed_again(content))
    assert f"{FOLDER}/record.json: This record does not fit the trail: event 10 has another hash there." in found
    assert not any(one.startswith("trail.jsonl") for one in found)
    # And with the record written anew as well, the one inside the sealed PDF is another.
    made = json.loads(content[f"{FOLDER}/record.json"])
    for told in [*made["events"], made["chain"]]:
        told["hash"] = lines[told["seq"] - 1]["hash"]
    content[f"{FOLDER}/record.json"] = canonical_bytes(made)
    found = sentences(listed_again(content))
    assert found == [f"{FOLDER}/sealed.pdf: The record that is attached to this PDF is not the one beside it."]


def test_a_pdf_without_its_record_is_said() -> None:
    content = files(WHOLE)
    del content[f"{FOLDER}/record.json"]
    assert sentences(listed_again(content)) == [f"{FOLDER}/sealed.pdf: No record lies beside this PDF."]


# With a real seal


def seal_of(pdf: bytes) -> str:
    verdict = seal_pdf.verify(pdf)
    return "" if verdict.outcome == "intact" else verdict.sentence


@pytest.mark.promise("D3")
@pytest.mark.promise("C8")
def test_a_pack_of_sealed_documents_holds_and_a_changed_one_is_found() -> None:
    made = record()
    family = {**sealed.record(), "practice": made["practice"], "events": made["events"], "chain": made["chain"]}
    paper = seal_pdf.paper(sealed.policy(), family, words=sealed.words(), key=sealed.key())
    pdf = seal_pdf.seal(paper, key=sealed.key(), at=sealed.AT, name=sealed.NAME)
    inside = acknowledgement(
        family,
        sealed_pdf=pdf,
        policy=kept.words(sealed.policy()),
        fhir=fhir.bundle(family, policy_pdf=pdf),
    )
    trail_file = Entry("trail.jsonl", trail_lines(LINKS, is_open=lambda link: link.seq in MINE))
    with pack([*inside, trail_file], about=replace(about(), certificate=sealed.key().fingerprint)) as file:
        data = file.read()
    assert verify_pack(data, check_seal=seal_of) == []
    content = files(data)
    content[f"{FOLDER}/sealed.pdf"] = pdf.replace(b"/Title", b"/Titel", 1)
    (found,) = verify_pack(listed_again(content), check_seal=seal_of)
    assert found.path == f"{FOLDER}/sealed.pdf"


# Harm


def bomb() -> bytes:
    return zipped({**files(WHOLE), "bomb.txt": b"\x00" * (8 * 1024 * 1024)})


def many_small_bombs() -> bytes:
    return zipped({**files(WHOLE), **{f"b{number}.txt": b"\x00" * 1_000_000 for number in range(70)}})


def linked() -> bytes:
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    data = bytearray(WHOLE)
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the table that point at the same bytes, as in a bomb that never ends."""
    data = bytearray(WHOLE)
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(data)


def twice() -> bytes:
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("README.txt", b"another")
    return out.getvalue()


def commented() -> bytes:
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"<script>alert(1)</script>"
    return out.getvalue()


HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (bomb, "A file in this ZIP would become far larger"),
    "many small bombs": (many_small_bombs, "This ZIP would become far larger"),
    "way up": (lambda: zipped({**files(WHOLE), "../../evil.txt": b"x"}), "A file in this ZIP has a name"),
    "from the root": (lambda: zipped({**files(WHOLE), "/etc/evil": b"x"}), "A file in this ZIP has a name"),
    "backslash": (lambda: zipped({**files(WHOLE), "a\\evil": b"x"}), "A file in this ZIP has a name"),
    "drive": (lambda: zipped({**files(WHOLE), "C:evil": b"x"}), "A file in this ZIP has a name"),
    "zero in a name": (
        lambda: zipped({**files(WHOLE), "evilQ.txt": b"x"}).replace(b"evilQ.txt", b"evil\x00.txt"),
        "A file in this ZIP has a name",
    ),
    "folder": (lambda: zipped({**files(WHOLE), "folder/": b""}), "A file in this ZIP has a name"),
    "link": (linked, "This ZIP holds a locked file or a link"),
    "locked": (locked, "This ZIP holds a locked file or a link"),
    "overlapping": (overlapping, "The files in this ZIP overlap"),
    "twice": (twice, "Two files in this ZIP have the same name"),
    "same name in other letters": (
        lambda: zipped({**files(WHOLE), "readme.TXT": b"x"}),
        "Two files in this ZIP have the same name",
    ),
    "comment": (commented, "Something stands after the end"),
    "page before it": (lambda: b"<html></html>" + WHOLE, "This is not a ZIP file"),
    "pack before it": (lambda: WHOLE + WHOLE, "The files in this ZIP overlap"),
    "page after it": (lambda: WHOLE + b"<html></html>", "Something stands after the end"),
    "other compression": (lambda: zipped(files(WHOLE), zipfile.ZIP_BZIP2), "This ZIP is compressed in a way"),
    "cut short": (lambda: WHOLE[: len(WHOLE) // 2], "This ZIP file is damaged or cut short"),
    "a PDF": (lambda: b"%PDF-1.7", "This is not a ZIP file"),
    "nothing": (lambda: b"", "This is not a ZIP file"),
    "empty ZIP": (lambda: zipped({}), "This is not a ZIP file"),
    "no manifest": (lambda: zipped({"README.txt": b"x"}), "This ZIP file has no manifest.json"),
    "foreign manifest": (lambda: zipped({"manifest.json": b'{"format": "other/1"}'}), "The manifest of this file"),
    "no JSON": (lambda: zipped({"manifest.json": b"{"}), "The manifest of this file is not one"),
    "deep JSON": (lambda: zipped({"manifest.json": b"[" * 200_000}), "The manifest of this file is not one"),
    "no head": (
        lambda: zipped({"manifest.json": b'{"format": "doorframe-evidence/1", "files": []}'}),
        "The manifest of this file names no last event",
    ),
    "odd list": (
        lambda: zipped(
            {"manifest.json": b'{"format": "doorframe-evidence/1", "trail": {"seq": 0, "hash": ""}, "files": [1]}'}
        ),
        "The list of files in the manifest",
    ),
}


@pytest.mark.promise("D3")
@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_or_foreign_file_is_refused_in_a_sentence(name: str) -> None:
    make, sentence = HARMFUL[name]
    with pytest.raises(NotAPack) as refused:
        verify_pack(make())
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith(".")


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04"]))
def test_any_bytes_are_refused_and_never_a_fault(data: bytes, start: bytes) -> None:
    with pytest.raises(NotAPack):
        verify_pack(start + data)
