"""Fields whose words never reach the database in clear, and the keyring that opens them.

`EncryptedTextField`, `EncryptedJSONField` and `EncryptedBytesField` are columns of bytes. Nothing is kept for nothing:
an empty value is NULL. The database cannot search them; `isnull` alone works.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.core import checks, validators
from django.core.exceptions import FieldError
from django.db import connection, models
from django.utils import timezone

from doorframe.adapters import key_file
from doorframe.adapters.encryption import DecryptError, Keyring, KeyringError, UnknownKey, new_key

__all__ = [
    "DecryptError",
    "EncryptedBytesField",
    "EncryptedField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeyringError",
    "UnknownKey",
    "encrypted_fields",
    "is_made",
    "keyring",
    "open_bytes",
    "seal_bytes",
]

_lock = threading.Lock()
_kept: tuple[tuple[Path, int, int, int], Keyring] | None = None


def keyring() -> Keyring:
    """The keys in force; read again whenever the file has changed, so that every process sees a rotation at once.

    The file is made at first use. Raises KeyringError if it is missing although something was encrypted before.
    """
    global _kept
    path: Path = settings.FIELD_KEYS_FILE
    try:
        stamp = _stamp(path)
    except FileNotFoundError:
        _make(path)
        stamp = _stamp(path)
    kept = _kept
    if kept is not None and kept[0] == stamp:
        return kept[1]
    with _lock:
        ring = key_file.read(path)
        _kept = (stamp, ring)
    return ring


def is_made() -> bool:
    """Whether there is a key file."""
    return bool(settings.FIELD_KEYS_FILE.exists())


def _stamp(path: Path) -> tuple[Path, int, int, int]:
    found = path.stat()
    return path, found.st_mtime_ns, found.st_size, found.st_ino


def _make(path: Path) -> None:
    if _anything_encrypted():
        raise KeyringError(
            f"The key file {path} is missing, and without it the encrypted names and notes cannot be read."
            " Nothing was changed and no new key was made. Put the file back from a backup."
        )
    # The first use is nobody's action, so no caller can pass the time in.
    key_file.make(path, Keyring.of(new_key(timezone.now())))


def _anything_encrypted() -> bool:
    there = set(connection.introspection.table_names())
    return any(
        model._base_manager.filter(**{f"{field.name}__isnull": False}).exists()
        for model, field in encrypted_fields()
        if model._meta.db_table in there and not _is_pending(model, field)
    )


def _is_pending(model: type[models.Model], field: EncryptedField) -> bool:
    """Whether a migration that is still to come adds this column."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return field.column not in {column.name for column in columns}


def seal_bytes(data: bytes, context: str) -> bytes:
    """Seal bytes that stand in no field, such as a file; a rotation does not reach them by itself."""
    return keyring().encrypt(data, context=context)


def open_bytes(sealed: bytes, context: str) -> bytes:
    """What `seal_bytes` sealed for this context. Raises DecryptError."""
    return keyring().decrypt(sealed, context=context)


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedField]]:
    """Every encrypted field of every room, with its model."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedField):
                yield model, field


if TYPE_CHECKING:
    _TextBase = models.Field[str, str]
    _JSONBase = models.Field[Any, Any]
    _BytesBase = models.Field[bytes, bytes]
else:
    _TextBase = _JSONBase = _BytesBase = models.Field


class EncryptedField(models.Field):
    """What the three kinds share. `context` keeps the first name of a field that is renamed later."""

    empty: Any = None

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        for name in ("unique", "db_index", "primary_key"):
            if kwargs.get(name):
                raise ValueError(f"An encrypted field cannot be {name}: the same words are never sealed alike twice")
        self._context = context
        kwargs["null"] = True
        kwargs.setdefault("blank", True)
        if self.empty is not None:
            kwargs.setdefault("default", self.empty)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"]
        if kwargs.pop("blank", False) is False:
            kwargs["blank"] = False
        if self.empty is not None and kwargs.get("default") == self.empty:
            del kwargs["default"]
        if self._context:
            kwargs["context"] = self._context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def context(self) -> str:
        """The place a value is bound to: "clients.person.name"."""
        return self._context or f"{self.model._meta.label_lower}.{self.name}"

    def to_bytes(self, value: Any) -> bytes:
        """The bytes of a value."""
        raise NotImplementedError

    def from_bytes(self, data: bytes) -> Any:
        """The value of its bytes."""
        raise NotImplementedError

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or value == self.empty:
            return None
        sealed = keyring().encrypt(self.to_bytes(value), context=self.context)
        return connection.Database.Binary(sealed)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return self.empty
        sealed = bytes(value)
        return self.from_bytes(keyring().decrypt(sealed, context=self.context)) if sealed else self.empty

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.context} is kept encrypted: the database can only say whether it is empty (isnull)")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.context} is kept encrypted: the database cannot look inside it ({lookup_name})")

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.context} is kept encrypted and is never written out in clear")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**kwargs))
        if not any(field.name == "practice" for field in self.model._meta.get_fields()):
            text = "A model with an encrypted field belongs to a practice, or a rotation of keys would not reach it"
            found.append(checks.Error(text, obj=self, id="members.E001"))
        return found


class EncryptedTextField(EncryptedField, _TextBase):
    """Words, as str; "" where there are none."""

    empty = ""

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, data: bytes) -> str:
        return data.decode()

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        wide = {} if self.max_length is not None else {"widget": forms.Textarea}
        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **wide, **kwargs})


class EncryptedJSONField(EncryptedField, _JSONBase):
    """Anything JSON can say; None where there is nothing."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, data: bytes) -> Any:
        return json.loads(data)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})


class EncryptedBytesField(EncryptedField, _BytesBase):
    """Bytes, such as a drawn signature; b"" where there are none."""

    empty = b""

    if TYPE_CHECKING:
        _pyi_private_set_type: bytes
        _pyi_private_get_type: bytes

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, data: bytes) -> bytes:
        return data
