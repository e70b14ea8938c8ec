"""The wall between practices: every model of every room stands on PracticeModel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from doorframe.apps.members.models import Practice

M = TypeVar("M", bound=models.Model)


class PracticeQuerySet(models.QuerySet[M]):
    """A queryset that knows whose rows it may show."""

    def for_practice(self, practice: Practice) -> Self:
        """Only the rows of this practice."""
        return self.filter(practice=practice)


class PracticeModel(models.Model):
    """A row that belongs to exactly one practice."""

    practice = models.ForeignKey("members.Practice", on_delete=models.PROTECT, related_name="+")

    objects = PracticeQuerySet.as_manager()

    class Meta:
        abstract = True


def written_once(row: M, *, twin: Callable[[], M | None]) -> M:
    """The row, written down, or its twin: the row that has its key already, as `twin` finds it.

    For a key that a constraint guards. Whoever loses the race for it gets the winner's row.
    """
    for _attempt in range(3):
        known = twin()
        if known is not None:
            return known
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:
            continue  # another transaction wrote the same key first; take that one
    raise RuntimeError(f"A row of {row._meta.label} could not be written down")


def get_for_practice(source: type[M] | models.QuerySet[M], *, practice: Practice, **lookup: Any) -> M:
    """The one row of this practice that fits, or Http404.

    `source` is a model or a queryset of rows with a `practice`. A row of another practice and a row that does
    not exist answer alike, so an id tells nothing to strangers; so does an id that is no id at all.
    """
    rows = source if isinstance(source, models.QuerySet) else source._default_manager.all()
    try:
        return rows.get(practice=practice, **lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError, OverflowError) as error:
        raise Http404(_("There is nothing here under this address.")) from error
