"""How one value of the database stands in the file, and how it gets into another kind of database.

A column goes by the plain kind of Django field that keeps it, so what a field of ours makes of its value (such as
decrypting it) is never asked: encrypted columns travel encrypted.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from doorframe.web.backup.errors import BackupError

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the database, its kind, and digits and places where it is a decimal number."""

    name: str
    kind: str
    digits: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"name": self.name, "kind": self.kind}
        return {**found, "digits": list(self.digits)} if self.digits else found

    @classmethod
    def from_json(cls, found: Any) -> Column:
        digits = found.get("digits")
        if found["kind"] not in _TWINS:
            raise BackupError(f"The backup holds a kind of column that this version does not know: {found['kind']}.")
        return cls(str(found["name"]), str(found["kind"]), (int(digits[0]), int(digits[1])) if digits else None)

    def twin(self) -> models.Field[Any, Any]:
        """A plain field of this kind, without any model."""
        if self.digits:
            return models.DecimalField(max_digits=self.digits[0], decimal_places=self.digits[1])
        return _TWINS[self.kind]()


_PLAIN: tuple[type[models.Field[Any, Any]], ...] = (
    models.AutoField, models.BigAutoField, models.SmallAutoField, models.IntegerField, models.BigIntegerField,
    models.SmallIntegerField, models.PositiveIntegerField, models.PositiveBigIntegerField,
    models.PositiveSmallIntegerField, models.BooleanField, models.CharField, models.TextField, models.SlugField,
    models.FileField, models.FilePathField, models.DateField, models.DateTimeField, models.TimeField,
    models.DurationField, models.DecimalField, models.FloatField, models.BinaryField, models.UUIDField,
    models.JSONField, models.GenericIPAddressField,
)  # fmt: skip
_TWINS = {kind.__name__: kind for kind in _PLAIN}


def column_of(field: models.Field[Any, Any]) -> Column:
    """The column behind a field; a foreign key is of the kind of what it points at.

    Raises BackupError for a field of a kind that is not known here.
    """
    name = str(field.column)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    kind = field.get_internal_type()
    if kind not in _TWINS:
        raise BackupError(f"{field.model._meta.label}.{field.name} is a {kind}, which a backup cannot hold yet.")
    if isinstance(field, models.DecimalField):
        return Column(name, kind, (int(field.max_digits or 0), int(field.decimal_places or 0)))
    return Column(name, kind)


def _identity(value: Any) -> Any:
    return value


def _binary(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode("ascii")


_ENCODERS: dict[str, Callable[[Any], Any]] = {
    "BinaryField": _binary,
    "DateField": date.isoformat,
    "DateTimeField": lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"),
    "DecimalField": str,
    "DurationField": lambda value: value // _MICROSECOND,
    "FloatField": repr,
    "TimeField": lambda value: value.isoformat(timespec="microseconds"),
    "UUIDField": str,
}
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "BinaryField": lambda value: base64.b64decode(value, validate=True),
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "DecimalField": Decimal,
    "DurationField": lambda value: timedelta(microseconds=value),
    "FloatField": float,
    "TimeField": time.fromisoformat,
    "UUIDField": uuid.UUID,
}


def encoder(column: Column, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """What turns a value as the database driver gives it into one that JSON can hold; None where it can already."""
    twin = column.twin()
    twin.set_attributes_from_name(column.name)
    expression = Col("t", twin)
    steps: list[Callable[..., Any]] = [*connection.ops.get_db_converters(expression)]
    if column.kind != "JSONField":  # its text goes as it stands; two readers may disagree on numbers
        steps += twin.get_db_converters(connection)
    last = _ENCODERS.get(column.kind)
    if not steps and last is None:
        return None

    def encode(value: Any) -> Any:
        if value is None:
            return None
        for step in steps:
            value = step(value, expression, connection)
        return last(value) if last and value is not None else value

    return encode


def decoder(column: Column) -> Callable[[Any], Any]:
    """The way back from JSON to the value."""
    step = _DECODERS.get(column.kind, _identity)
    return lambda value: None if value is None else step(value)


def preparer(column: Column, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """What turns a value into one that this database's driver takes; None where it takes it as it is."""
    twin, ops = column.twin(), connection.ops
    if column.kind == "DecimalField":
        return lambda value: ops.adapt_decimalfield_value(value, *(column.digits or (None, None)))
    if column.kind == "JSONField" or column.kind in _SIMPLE:
        return None
    return lambda value: twin.get_db_prep_value(value, connection, prepared=True)


_SIMPLE = {name for name in _TWINS if name.endswith("AutoField") or name.endswith("IntegerField")} | {
    "CharField", "TextField", "SlugField", "FileField", "FilePathField", "FloatField", "BooleanField",
}  # fmt: skip


def placeholder(column: Column, connection: BaseDatabaseWrapper) -> str:
    """Where the value goes in an INSERT."""
    return "%s::jsonb" if column.kind == "JSONField" and connection.vendor == "postgresql" else "%s"
