"""Addresses of the policies for members of the practice."""

from django.urls import path

from doorframe.apps.policies.views import audit, files, interview, life

app_name = "policies"
urlpatterns = [
    path("", life.index, name="index"),
    path("start/", life.start, name="start"),
    path("import/", life.bring, name="import"),
    path("audit/", audit.audit, name="audit"),
    path("audit/report.pdf", audit.pdf, name="audit-pdf"),
    path("audit/report.json", audit.as_json, name="audit-json"),
    path("audit/start/", audit.begin, name="audit-start"),
    path("<uuid:uid>/", life.version_page, name="version"),
    path("<uuid:uid>/go-on/", interview.resume, name="resume"),
    path("<uuid:uid>/q/<slug:screen_id>/", interview.screen, name="screen"),
    path("<uuid:uid>/q/<slug:screen_id>/save/", interview.autosave, name="autosave"),
    path("<uuid:uid>/check/", life.check, name="check"),
    path("<uuid:uid>/text/", life.draft, name="draft"),
    path("<uuid:uid>/answers.toml", life.export, name="export"),
    path("<uuid:uid>/documents/", files.progress, name="documents"),
    path("<uuid:uid>/documents/<slug:name>.<slug:format>", files.download, name="download"),
    path("<uuid:uid>/website/", files.embed, name="embed"),
    path("<uuid:uid>/<slug:verb>/", life.step, name="step"),
]
