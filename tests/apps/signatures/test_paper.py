"""Paper: a sheet that is printed with its reference, comes back, and is kept with its scan."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from doorframe.apps.clients import actions as clients
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import papers_print, queries, scans
from doorframe.apps.signatures.actions import asking, visits
from doorframe.apps.signatures.models import Acknowledgement, Scan, Signer
from doorframe.apps.signatures.states import Capacity
from doorframe.apps.trail.models import Event
from tests.apps.signatures.conftest import ANA, BACKEND, publish

BEN = {"name": "Ben Ortega", "email": "ben@post.example"}
HTML = b"<script>alert(document.cookie)</script>"


@pytest.fixture
def item(owner: Membership) -> Acknowledgement:
    """Two partners were asked."""
    now = timezone.now()
    publish(owner, now)
    client = clients.add_client(actor=owner, at=now, values={"code": "C-2"}, people=[ANA, BEN])
    return asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=now)


@pytest.fixture
def people(item: Acknowledgement) -> list[Signer]:
    return [one for one in queries.signers(item) if one.member_id is None]


@pytest.fixture
def desk(owner: Membership) -> Browser:
    return signed_in(owner)


@pytest.fixture
def front_desk(owner: Membership) -> Membership:
    return add_member(actor=owner, email="front@a.example", name="Finn", role=Role.FRONT_DESK, at=timezone.now())


def signed_in(member: Membership) -> Browser:
    browser = Browser()
    browser.force_login(member.user, backend=BACKEND)
    return browser


def words(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


# A white square of eight points, as Chromium writes it.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA"
    "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1"
    "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP"
    "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/"
    "2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCgu"
    "v/////////////////////////////////////////////////////////////////////////wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAA"
    "AAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2g"
    "AMAwEAAhEDEQA/ALQAf//Z"
)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(kind: str = "PNG") -> bytes:
    if kind == "JPEG":
        return JPEG
    head = struct.pack(">IIBBBBB", 40, 60, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + b"\xff" * 40) * 60)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(**more: Any) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    if "script" in more:
        script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): NameObject("/x")})
        names = DictionaryObject({NameObject("/Names"): ArrayObject([NameObject("/x"), script])})
        writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    if "file" in more:
        writer.add_attachment("a.html", more["file"])
    if "password" in more:
        writer.encrypt(more["password"])
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def enter(desk: Browser, item: Acknowledgement, said: dict[Signer, str], data: bytes | None = None, **more: Any) -> Any:
    form: dict[str, Any] = {f"answer-{one.uid}": answer for one, answer in said.items()}
    form |= {"on": timezone.localdate().isoformat(), **more}
    if data is not None:
        form["scan"] = SimpleUploadedFile("x.txt", data, "text/html")
    return desk.post(f"/acknowledgements/{item.uid}/paper/", form)


# Printing


@pytest.mark.promise("C4")
def test_the_sheet_has_the_words_a_line_for_everyone_and_the_reference_on_each_page(
    desk: Browser, owner: Membership, item: Acknowledgement
) -> None:
    helper = {"name": "Ivo Kern"}
    asking.add_helper(item=item, actor=owner, at=timezone.now(), capacity=Capacity.INTERPRETER, values=helper)
    answer = desk.post(f"/acknowledgements/{item.uid}/paper/print/")
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="{item.reference}.pdf"'
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) >= 3
    assert all(item.reference in page for page in pages)
    last = next(page for page in pages if "sheet is found again" in page)
    assert "Interpreter" in last and "Therapist" in last
    assert last.count("Client") >= 2
    for name in ("Ana Lima", "Ben Ortega", "Ivo Kern"):
        assert name not in "".join(pages)
    event = Event.objects.get(name="signatures.paper.printed")
    assert event.data == {"reference": item.reference}


def test_to_look_at_the_page_prints_nothing(desk: Browser, item: Acknowledgement) -> None:
    assert desk.get(f"/acknowledgements/{item.uid}/paper/").status_code == 200
    assert desk.get(f"/acknowledgements/{item.uid}/paper/print/").status_code == 405
    assert not Event.objects.filter(name="signatures.paper.printed").exists()


@pytest.mark.promise("C4")
def test_the_square_on_the_sheet_is_the_reference_and_no_address(item: Acknowledgement) -> None:
    from doorframe.adapters import qr

    section = papers_print.document(item, queries.signers(item)).sections
    mark = next(block for one in section for block in one.blocks if getattr(block, "strokes", None))
    drawn = set()
    for (x, y), (end, _y) in mark.strokes:  # type: ignore[union-attr]
        drawn |= {((across - 9) // 9, (y - 9) // 9) for across in range(x, end + 1, 9)}
    rows = qr.matrix(item.reference)
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_the_same_sheet_is_the_same_bytes(item: Acknowledgement) -> None:
    people = queries.signers(item)
    assert papers_print.sheet(item, people) == papers_print.sheet(item, people)


# Coming back


@pytest.mark.promise("C4")
@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{plain}", "{spaced}"])
def test_a_sheet_finds_its_way_back_by_its_reference(desk: Browser, item: Acknowledgement, typed: str) -> None:
    reference = item.reference
    given = typed.format(
        reference, lower=reference.lower(), plain=reference.replace("-", ""), spaced=reference.replace("-", " ")
    )
    answer = desk.post("/acknowledgements/paper/", {"reference": given})
    assert answer["Location"] == f"/acknowledgements/{item.uid}/paper/"


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "7KQM", "' OR 1=1 --", "A" * 5000, "\x00", "<b>"])
def test_another_reference_finds_nothing(desk: Browser, item: Acknowledgement, typed: str) -> None:
    answer = desk.post("/acknowledgements/paper/", {"reference": typed})
    assert answer.status_code == 422 and "<b>" not in words(answer).split("<main", 1)[1].replace("&lt;b", "")


@pytest.mark.promise("L3")
def test_the_reference_of_another_practice_finds_nothing(stranger: Membership, item: Acknowledgement) -> None:
    other = signed_in(stranger)
    assert other.post("/acknowledgements/paper/", {"reference": item.reference}).status_code == 422
    for path in ("paper/", "paper/print/"):
        assert other.post(f"/acknowledgements/{item.uid}/{path}").status_code == 404


@pytest.mark.promise("C4")
def test_what_stands_on_the_sheet_is_recorded_for_each(
    desk: Browser, owner: Membership, item: Acknowledgement, people: list[Signer]
) -> None:
    ana, ben = people
    day = timezone.localdate() - timedelta(days=3)
    assert enter(desk, item, {ana: "agreed", ben: "declined"}, on=day.isoformat()).status_code == 302
    ana, ben = queries.signers(item)[:2]
    assert (ana.answer, ana.method, ana.talked_on, ana.recorded_by) == ("agree", "paper", day, owner)
    assert ben.answer == "decline"
    item.refresh_from_db()
    assert item.state == "declined"
    # Who has signed is asked no more
    page = words(desk.get(f"/acknowledgements/{item.uid}/paper/"))
    assert f"answer-{ben.uid}" in page and f"answer-{ana.uid}" not in page


@pytest.mark.promise("C2")
def test_a_witness_is_recorded_with_the_others(
    desk: Browser, owner: Membership, item: Acknowledgement, people: list[Signer]
) -> None:
    witness = asking.add_helper(
        item=item, actor=owner, at=timezone.now(), capacity=Capacity.WITNESS, values={"name": "Wilma"}
    )
    assert enter(desk, item, dict.fromkeys((*people, witness), "agreed")).status_code == 302
    item.refresh_from_db()
    assert item.state == "signed"
    witness.refresh_from_db()
    assert witness.method == "paper"


def test_it_is_all_of_it_or_nothing(desk: Browser, item: Acknowledgement, people: list[Signer]) -> None:
    ana, ben = people
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert enter(desk, item, {ana: "agreed"}, on=tomorrow).status_code == 422
    assert enter(desk, item, {ana: "agreed", ben: "perhaps"}).status_code == 422
    assert enter(desk, item, {ana: "agreed"}, b"not a picture").status_code == 422
    assert enter(desk, item, {}).status_code == 409
    assert enter(desk, item, {}, picture()).status_code == 409
    ana.refresh_from_db()
    assert ana.answer == "" and not Scan.objects.exists()


def test_what_was_signed_on_a_screen_is_not_written_over(
    owner: Membership, item: Acknowledgement, people: list[Signer]
) -> None:
    from doorframe.apps.signatures import rules
    from doorframe.apps.signatures.actions import answering, sheets, tablet

    now = timezone.now()
    visits.set_pin(actor=owner, pin="482915", at=now)
    visit, _secret = visits.hand_over(item=item, actor=owner, at=now)
    tablet.take_turn(visit=visit, signer=people[0], at=now)
    signature = answering.Signature(name="Ana Lima", disclosure="Words.")
    visit.refresh_from_db()
    answering.sign(visit=visit, signer=people[0], at=now, signature=signature)
    with pytest.raises(rules.NotNow):
        sheets.enter_sheet(
            item=item, actor=owner, at=now, on=now.date(), answers={str(people[0].uid): False, str(people[1].uid): True}
        )
    ana, ben = queries.signers(item)[:2]
    assert (ana.answer, ana.method, ben.answer) == ("agree", "typed", "")


# Scans


@pytest.mark.parametrize(
    ("data", "kind", "suffix"),
    [
        (picture("PNG"), "image/png", "png"), (picture("JPEG"), "image/jpeg", "jpg"), (pdf(), "application/pdf", "pdf"),
    ],
)  # fmt: skip
@pytest.mark.promise("C4")
def test_a_scan_is_kept_encrypted_and_given_back_byte_by_byte(
    desk: Browser, item: Acknowledgement, people: list[Signer], data: bytes, kind: str, suffix: str
) -> None:
    assert enter(desk, item, {people[0]: "agreed"}, data).status_code == 302
    scan = Scan.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM signatures_scan")
        assert data[:24] not in bytes(cursor.fetchone()[0])
    answer = desk.get(f"/acknowledgements/scans/{scan.uid}/")
    assert answer.content == data and answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="{item.reference}.{suffix}"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    events = Event.objects.filter(name__startswith="signatures.scan").values_list("name", flat=True)
    assert list(events) == ["signatures.scan.kept", "signatures.scan.opened"]


@pytest.mark.promise("C10")
def test_the_front_desk_brings_a_scan_and_never_takes_one_out(
    front_desk: Membership, item: Acknowledgement, people: list[Signer], stranger: Membership
) -> None:
    browser = signed_in(front_desk)
    assert enter(browser, item, {people[0]: "agreed"}, picture()).status_code == 302
    scan = Scan.objects.get()
    assert str(scan.uid) not in words(browser.get(f"/acknowledgements/{item.uid}/paper/"))
    assert browser.get(f"/acknowledgements/scans/{scan.uid}/").status_code == 403
    assert signed_in(stranger).get(f"/acknowledgements/scans/{scan.uid}/").status_code == 404
    assert Browser().get(f"/acknowledgements/scans/{scan.uid}/").status_code == 302
    assert not Event.objects.filter(name="signatures.scan.opened").exists()


def test_a_scan_that_was_let_go_is_told_so(desk: Browser, item: Acknowledgement, people: list[Signer]) -> None:
    enter(desk, item, {people[0]: "agreed"}, picture())
    scan = Scan.objects.get()
    Scan.objects.update(data=None)
    page = desk.get(f"/acknowledgements/scans/{scan.uid}/", follow=True)
    assert "has been removed" in words(page) and str(scan.uid) not in words(page)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_hangs_behind_a_picture_is_cut_off(kind: str) -> None:
    clean = picture(kind)
    for behind in (HTML, b"PK\x03\x04" + b"x" * 50, pdf(), b"\xff\xd9", clean):
        assert scans.checked(clean + behind)[0] == clean


def bomb() -> bytes:
    """A picture of 2000 megapoints in a few kilobytes."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def broken_sum() -> bytes:
    data = bytearray(picture())
    data[30] ^= 1
    return bytes(data)


@pytest.mark.promise("C4")
@pytest.mark.parametrize(
    "data",
    [
        b"", HTML, b"GIF89a" + HTML, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04" + b"0" * 100,
        HTML + pdf(), b"\n" + picture(), b"%PDF-1.7\n" + HTML, b"\x89PNG\r\n\x1a\n" + HTML, b"\xff\xd8\xff" + HTML,
        b"\xff\xd8\xff\xe0\x00\x00" + HTML, b"\xff\xd8\xff\xd9", picture("JPEG")[:-2], picture()[:-4], broken_sum(),
        bomb(), pdf(script=True), pdf(file=HTML), pdf(password="x"), pdf()[:200],
        picture() + b"\0" * scans.LARGEST,
    ],
    ids=range(21),
)  # fmt: skip
def test_whatever_is_no_plain_scan_is_refused_with_a_sentence(
    desk: Browser, item: Acknowledgement, people: list[Signer], data: bytes
) -> None:
    answer = enter(desk, item, {people[0]: "agreed"}, data)
    assert answer.status_code == 422 and HTML.decode() not in words(answer)
    people[0].refresh_from_db()
    assert people[0].answer == "" and not Scan.objects.exists()


def test_html_inside_a_picture_comes_back_as_a_picture_to_save(
    desk: Browser, item: Acknowledgement, people: list[Signer]
) -> None:
    clean = picture()
    data = clean[:33] + chunk(b"tEXt", b"Comment\0" + HTML) + clean[33:]
    assert enter(desk, item, {people[0]: "agreed"}, data).status_code == 302
    answer = desk.get(f"/acknowledgements/scans/{Scan.objects.get().uid}/")
    assert answer["Content-Type"] == "image/png" and answer["Content-Disposition"].startswith("attachment")


def test_a_pdf_whose_pages_start_something_is_refused() -> None:
    def written(change: Any) -> bytes:
        writer = PdfWriter()
        change(writer, writer.add_blank_page(200, 300))
        kept = io.BytesIO()
        writer.write(kept)
        return kept.getvalue()

    def action(kind: str) -> DictionaryObject:
        return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/JS"): TextStringObject("x")})

    def note(kind: str) -> DictionaryObject:
        return DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action(kind)})

    def on_open(writer: Any, page: Any) -> None:
        writer.root_object[NameObject("/OpenAction")] = action("/JavaScript")

    def on_page(writer: Any, page: Any) -> None:
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action("/Launch")})

    def on_note(writer: Any, page: Any) -> None:
        page[NameObject("/Annots")] = ArrayObject([note("/SubmitForm")])

    for change in (on_open, on_page, on_note):
        with pytest.raises(scans.ScanError, match="more than pages"):
            scans.checked(written(change))
    assert scans.checked(written(lambda writer, page: None))[1] == "application/pdf"
