"""Work that takes time: sealing a practice's rows under a new key."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from doorframe.adapters.encryption import KeyringError
from doorframe.apps.jobs.registry import JobError, Run, job
from doorframe.apps.members import rotation
from doorframe.apps.members.actions import keys
from doorframe.apps.members.encryption import keyring
from doorframe.apps.members.models import Practice


@job(keys.JOB)
def rotate(run: Run, *, key: str) -> None:
    """Seal every row of the practice under this key. What is sealed with it already is left alone."""
    practice = run.job.practice
    try:
        ring = keyring()
    except KeyringError as error:
        raise JobError(str(error)) from error
    if key not in ring.keys:
        raise JobError(_("The key file of this machine lacks the new key. Copy the key file here; then it goes on."))
    if key != ring.primary.id:
        return  # a later change took its place, and brings a job of its own
    unreadable = _seal_all(run, practice, rotation.remaining(practice, ring.primary))
    if unreadable:
        raise JobError(
            _("%(count)s encrypted rows could not be read. They were left as they are, and the old keys are kept.")
            % {"count": unreadable}
        )
    keys.note_rotated(practice=practice, key=key, at=timezone.now())
    run.progress(100, _("Everything is encrypted with the new key."))


def _seal_all(run: Run, practice: Practice, total: int) -> int:
    """Seal batch after batch; how many rows could not be read."""
    done = unreadable = 0
    for model in rotation.encrypted_models():
        for batch in _batches(model, practice):
            done, unreadable = done + batch.sealed, unreadable + batch.unreadable
            run.progress(
                min(99, 100 * done // max(total, 1)),
                _("%(done)s of %(total)s rows are encrypted with the new key") % {"done": done, "total": total},
            )
    return unreadable


def _batches(model: type[models.Model], practice: Practice) -> Iterator[rotation.Batch]:
    after = None
    while True:
        batch = rotation.seal_again(model, practice=practice, after=after)
        yield batch
        if batch.last is None:
            return
        after = batch.last
