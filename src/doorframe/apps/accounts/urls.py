"""Addresses of the account register and its worksheets."""

from django.urls import path

from doorframe.apps.accounts.views import register, worksheets

app_name = "accounts"
urlpatterns = [
    path("", register.index, name="index"),
    path("add/", register.add, name="add"),
    path("take-over/", register.take_over, name="take-over"),
    path("<uuid:uid>/", register.change, name="change"),
    path("<uuid:uid>/close/", register.close, name="close"),
    path("<uuid:uid>/reopen/", register.reopen, name="reopen"),
    path("worksheet/new/", worksheets.new, name="new"),
    path("worksheet/<uuid:uid>/", worksheets.worksheet, name="worksheet"),
    path("worksheet/<uuid:uid>/save/", worksheets.autosave, name="autosave"),
    path("worksheet/<uuid:uid>/delete/", worksheets.delete, name="delete"),
    path("decisions/<uuid:uid>/", worksheets.decision, name="decision"),
    path("decisions/<uuid:uid>/again/", worksheets.again, name="again"),
    path("decisions/<uuid:uid>.pdf", worksheets.pdf, name="pdf"),
]
