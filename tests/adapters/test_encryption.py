"""Single values sealed under one of several keys, and the file that the keys stand in."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.adapters import key_file
from doorframe.adapters.encryption import (
    HEADER_BYTES,
    DecryptError,
    Keyring,
    KeyringError,
    UnknownKey,
    key_id_of,
    new_key,
)

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
RING = Keyring.of(new_key(AT), new_key(AT))
PLACE = "clients.person.name"


@pytest.mark.promise("C10")
@given(plain=st.binary(max_size=4096), place=st.text(max_size=60))
def test_what_was_sealed_opens_again_at_its_place(plain: bytes, place: str) -> None:
    assert RING.decrypt(RING.encrypt(plain, context=place), context=place) == plain


@given(plain=st.binary(max_size=200), place=st.text(max_size=30), other=st.text(max_size=30))
def test_it_opens_at_no_other_place(plain: bytes, place: str, other: str) -> None:
    sealed = RING.encrypt(plain, context=place)
    if place == other:
        return
    with pytest.raises(DecryptError, match="belongs to another place"):
        RING.decrypt(sealed, context=other)


@given(plain=st.binary(max_size=200), where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_an_altered_byte_is_noticed_wherever_it_stands(plain: bytes, where: int, bit: int) -> None:
    sealed = bytearray(RING.encrypt(plain, context=PLACE))
    sealed[where % len(sealed)] ^= 1 << bit
    with pytest.raises(DecryptError):
        RING.decrypt(bytes(sealed), context=PLACE)


@given(st.binary(max_size=60))
def test_anything_else_is_refused_with_a_sentence(junk: bytes) -> None:
    with pytest.raises(DecryptError) as refused:
        RING.decrypt(junk, context=PLACE)
    assert str(refused.value).endswith(".")


def test_a_value_cut_short_is_refused() -> None:
    sealed = RING.encrypt(b"Imani", context=PLACE)
    for length in range(len(sealed)):
        with pytest.raises(DecryptError):
            RING.decrypt(sealed[:length], context=PLACE)


@pytest.mark.promise("C10")
def test_the_same_words_are_never_sealed_alike_twice() -> None:
    seals = {RING.encrypt(b"Imani", context=PLACE) for _ in range(200)}
    assert len(seals) == 200
    assert len({sealed[:HEADER_BYTES] for sealed in seals}) == 200
    assert not any(b"Imani" in sealed for sealed in seals)


@pytest.mark.promise("L5")
def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = Keyring.of(new_key(AT))
    sealed = old.encrypt(b"Imani", context=PLACE)
    both = old.with_key(new_key(AT))
    assert both.decrypt(sealed, context=PLACE) == b"Imani"
    again = both.encrypt(b"Imani", context=PLACE)
    assert key_id_of(again) == both.primary.id != key_id_of(sealed) == old.primary.id
    assert [key.id for key in both.older] == [old.primary.id]
    with pytest.raises(UnknownKey, match=old.primary.id):
        both.only_primary().decrypt(sealed, context=PLACE)


def test_a_ring_is_written_and_read_and_shows_no_key_by_accident() -> None:
    again = Keyring.read(RING.write())
    assert again == RING and list(again.keys) == list(RING.keys)
    for key in RING.keys.values():
        assert repr(key.secret) not in repr(RING) and key.secret.hex() not in repr(RING)


def spoilt(change: Callable[[dict], object]) -> str:  # type: ignore[type-arg]
    table = json.loads(RING.write())
    change(table)
    return json.dumps(table)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", "7", '{"format": "doorframe-field-keys-1"}',
        spoilt(lambda table: table.update(format="doorframe-field-keys-9")),
        spoilt(lambda table: table.update(keys=[])),
        spoilt(lambda table: table["keys"].append(table["keys"][0])),
        spoilt(lambda table: table["keys"][0].update(key="c2hvcnQ=")),
        spoilt(lambda table: table["keys"][0].update(key="not base64")),
        spoilt(lambda table: table["keys"][0].update(id="zz")),
        spoilt(lambda table: table["keys"][0].update(id="00")),
        spoilt(lambda table: table["keys"][0].pop("made_at")),
        spoilt(lambda table: table["keys"][0].update(key=7)),
    ],
)  # fmt: skip
def test_a_spoilt_key_file_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(KeyringError) as refused:
        Keyring.read(text)
    assert str(refused.value).endswith(".")
    secrets = [row["key"] for row in json.loads(RING.write())["keys"]]
    assert not any(secret in str(refused.value) for secret in secrets)
    assert refused.value.__cause__ is None


# --- the file


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "field-keys.json"
    assert key_file.make(path, RING) == RING == key_file.read(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    longer = RING.with_key(new_key(AT))
    key_file.replace(path, longer)
    assert key_file.read(path) == longer
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["field-keys.json"]


def test_many_starts_at_once_agree_on_one_ring(tmp_path: Path) -> None:
    path, gate, got = tmp_path / "field-keys.json", threading.Barrier(12), []

    def start() -> None:
        gate.wait()
        got.append(key_file.make(path, Keyring.of(new_key(AT))))

    threads = [threading.Thread(target=start) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 12
    assert {ring.primary.id for ring in got} == {key_file.read(path).primary.id}
    assert os.listdir(tmp_path) == ["field-keys.json"]


def test_it_works_where_a_file_cannot_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*names: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "field-keys.json"
    assert key_file.make(path, RING) == RING
    assert key_file.make(path, Keyring.of(new_key(AT))) == RING
    assert os.listdir(tmp_path) == ["field-keys.json"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "field-keys.json"
    key_file.make(path, RING)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeyringError, match="No space left"):
        key_file.replace(path, RING.with_key(new_key(AT)))
    assert key_file.read(path) == RING
    assert os.listdir(tmp_path) == ["field-keys.json"], "no copy of the keys is left behind"


def test_a_folder_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="cannot be read"):
        key_file.read(tmp_path)
