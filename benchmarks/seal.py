"""Sealing and verifying one signed policy, against writing its PDF and against poppler's own look at the signature."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, Unable, doorframe, interleaved, ms, process
from doorframe.adapters import seal_pdf
from tests.adapters.seal_pdf import samples


def rows(rounds: int) -> list[Row]:
    """In one running process; the command line and pdfsig as programs started afresh."""
    program = shutil.which("pdfsig")
    if not program:
        raise Unable("pdfsig, which we compare with, is not installed: on Debian apt install poppler-utils.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sealed.pdf"
        pdf = seal_pdf.paper(samples.policy(), samples.record(), words=samples.words(), key=samples.key("rsa"))
        path.write_bytes(seal_pdf.seal(pdf, key=samples.key("rsa"), at=samples.AT, name=samples.NAME))
        return [*_sealing(rounds), *_verifying(rounds, path, program)]


def _sealing(rounds: int) -> list[Row]:
    key, words, policy, record = samples.key(), samples.words(), samples.policy(), samples.record()
    pdf = samples.unsealed()

    def write(number: int) -> None:
        told = {**record, "practice": {**record["practice"], "name": f"{samples.NAME} {number}"}}
        seal_pdf.paper(policy, told, words=words, key=key)

    def seal(_number: int) -> None:
        seal_pdf.seal(pdf, key=key, at=samples.AT, name=samples.NAME)

    def seal_rsa(_number: int) -> None:
        seal_pdf.seal(pdf, key=samples.key("rsa"), at=samples.AT, name=samples.NAME)

    write(-1)
    seal(-1)
    writing, sealing, rsa = interleaved(rounds, write, seal, seal_rsa, clock=time.process_time)
    size = f"{len(samples.sealed()) // 1000} kB, of which the seal is {(len(samples.sealed()) - len(pdf)) // 1000} kB"
    return [
        Row(
            "sealing, as a share of writing the pages",
            sealing / writing,
            None,
            f"{ms(sealing)} of {ms(writing)}, {size}",
        ),
        Row("sealing with RSA of 3072 bits, against P-256", rsa / sealing, None, f"{ms(rsa)} against {ms(sealing)}"),
    ]


def _verifying(rounds: int, path: Path, program: str) -> list[Row]:
    data = path.read_bytes()

    def verify(_number: int) -> None:
        assert seal_pdf.verify(data).outcome == "intact"

    def altered(number: int) -> None:
        place = 1000 + number
        assert seal_pdf.verify(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]).outcome == "altered"

    verify(-1)
    intact, broken = interleaved(rounds, verify, altered, clock=time.process_time)
    ours, theirs = interleaved(
        rounds, lambda _n: process([doorframe(), "verify", str(path)]), lambda _n: process([program, str(path)])
    )
    return [
        Row("telling that a file was altered, against that it is intact", broken / intact, None,
            f"{ms(broken)} against {ms(intact)}, which also reads every page"),
        Row("the command from its start, against pdfsig, which looks at the signature alone", ours / theirs, None,
            f"{ms(ours)} against {ms(theirs)}"),
    ]  # fmt: skip
