"""Which key sealed what, and sealing rows again under the key that is in force. Reads no words but to seal them again.

A batch is one transaction: whoever is stopped at any line leaves every row whole, under its old key or its new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models, transaction

from doorframe.adapters.encryption import PREFIX_BYTES, DecryptError, Key, Keyring
from doorframe.apps.members.encryption import (
    EncryptedBytesField,
    EncryptedField,
    encrypted_fields,
    is_made,
    keyring,
)
from doorframe.apps.members.models import Practice

BATCH = 500
BATCH_OF_FILES = 10
"""Rows that may hold a scan or a sealed PDF, several megabytes each."""
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did. `last` is the id to go on after, None at the end; `unreadable` rows were left as they are."""

    sealed: int
    unreadable: int
    last: Any


def encrypted_models() -> dict[type[models.Model], list[EncryptedField]]:
    """Every model with encrypted fields, and these fields."""
    found: dict[type[models.Model], list[EncryptedField]] = {}
    for model, field in encrypted_fields():
        found.setdefault(model, []).append(field)
    return found


def usage() -> Counter[str]:
    """How many values each key sealed, by the id of the key, over the whole database."""
    found: Counter[str] = Counter()
    for model, field in encrypted_fields():
        counted = _filled(model, field).order_by().values("head").annotate(count=models.Count("pk"))
        for head, count in counted.values_list("head", "count"):
            found[bytes(head)[1:].hex()] += count
    return found


def strange_keys() -> set[str]:
    """Ids of keys that newest and oldest rows need and the key file lacks; looks at few rows, so it is quick.

    Raises KeyringError where the key file is missing or cannot be read although there are encrypted rows.
    """
    if not is_made() and not any(_some_heads()):
        return set()  # nothing was encrypted yet, and asking must not make a key
    known = keyring().keys
    return {head[1:].hex() for head in _some_heads()} - set(known)


def remaining(practice: Practice, key: Key) -> int:
    """How many rows of this practice hold a value that another key sealed."""
    return sum(_stale(model, fields, practice, key).count() for model, fields in encrypted_models().items())


def seal_again(model: type[models.Model], *, practice: Practice, after: Any) -> Batch:
    """Seal one batch of a practice's rows under the primary key, going on after this id (None: from the start)."""
    fields = encrypted_models()[model]
    size = BATCH_OF_FILES if any(isinstance(field, EncryptedBytesField) for field in fields) else BATCH
    with transaction.atomic():
        ring = keyring()
        rows = _stale(model, fields, practice, ring.primary)
        if after is not None:
            rows = rows.filter(pk__gt=after)
        raw = {f"raw_{field.name}": _raw(field) for field in fields}
        # Locked until the batch is done: whoever changes such a row meanwhile waits, and nothing is overwritten.
        found = list(rows.annotate(**raw).order_by("pk").select_for_update().values("pk", *raw)[:size])
        sealed = sum(_seal_row(model, fields, row, ring) for row in found)
    return Batch(sealed, len(found) - sealed, found[-1]["pk"] if len(found) == size else None)


def _seal_row(model: type[models.Model], fields: list[EncryptedField], row: dict[str, Any], ring: Keyring) -> bool:
    changed: dict[str, Any] = {}
    for field in fields:
        kept = bytes(row[f"raw_{field.name}"] or b"")
        if not kept or kept.startswith(ring.primary.prefix):
            continue
        try:
            again = ring.encrypt(ring.decrypt(kept, context=field.context), context=field.context)
        except DecryptError:
            return False
        changed[field.name] = models.Value(again, output_field=models.BinaryField())
    model._base_manager.filter(pk=row["pk"]).update(**changed)
    return True


def _raw(field: EncryptedField) -> models.Expression:
    """The column as it stands, sealed."""
    return models.ExpressionWrapper(models.F(field.name), output_field=models.BinaryField())


def _head(field: EncryptedField) -> models.Expression:
    """The first bytes of the column: the version and the id of the key."""
    return models.Func(models.F(field.name), 1, PREFIX_BYTES, function="SUBSTR", output_field=models.BinaryField())


def _filled(model: type[models.Model], field: EncryptedField) -> models.QuerySet[Any]:
    return model._base_manager.filter(**{f"{field.name}__isnull": False}).annotate(head=_head(field))


def _stale(
    model: type[models.Model], fields: list[EncryptedField], practice: Practice, key: Key
) -> models.QuerySet[Any]:
    heads = {f"head_{field.name}": _head(field) for field in fields}
    # A comparison with NULL is not true, so empty columns fall out by themselves.
    other = reduce(or_, (models.Q(**{f"{name}__isnull": False}) & ~models.Q(**{name: key.prefix}) for name in heads))
    return model._base_manager.filter(practice=practice).annotate(**heads).filter(other)


def _some_heads() -> Iterator[bytes]:
    for model, fields in encrypted_models().items():
        heads = {f"head_{field.name}": _head(field) for field in fields}
        rows = model._base_manager.annotate(**heads).values_list(*heads)
        for order in ("pk", "-pk"):
            for row in rows.order_by(order)[:NEWEST]:
                yield from (bytes(head) for head in row if head)
