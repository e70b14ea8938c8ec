"""Work that takes time: the files of a published version."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from doorframe.adapters.render import RenderError
from doorframe.apps.jobs.registry import JobError, Run, job
from doorframe.apps.library import queries as library
from doorframe.apps.policies import actions, documents, queries


@job("policies.documents.issue")
def issue_documents(run: Run, *, version_id: int) -> None:
    """Render every file of a published version and keep it. Files that are kept already are left alone."""
    version = queries.version_for_job(version_id)
    if version.pack_sha256 != library.pack().sha256:
        raise JobError(
            _("The content has changed since this version was published. Publish it again to get its files.")
        )
    wanted = documents.outputs()
    kept = queries.issued_names(version)
    for done, (name, format, _title) in enumerate(wanted):
        if (name, format) in kept:
            continue
        run.progress(100 * done // len(wanted), _("Writing %(file)s") % {"file": f"{name}.{format}"})
        try:
            data, sha256 = documents.file(version, name, format)
        except RenderError as error:
            raise JobError(str(error)) from error
        actions.keep_document(version=version, name=name, format=format, data=data, sha256=sha256, at=timezone.now())
    run.progress(100, _("All documents are ready."))
