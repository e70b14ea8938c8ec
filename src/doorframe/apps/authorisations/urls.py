"""Addresses of the practice for permissions. None ever holds a name or a word of a story."""

from django.urls import path

from doorframe.apps.authorisations.views import desk, room, writing

app_name = "authorisations"
urlpatterns = [
    path("", desk.index, name="index"),
    path("ask/", writing.begin, name="begin"),
    path("<uuid:uid>/", desk.permission, name="permission"),
    path("<uuid:uid>/write/<slug:step>/", writing.write, name="write"),
    path("<uuid:uid>/check/", writing.check, name="check"),
    path("<uuid:uid>/hand-over/", room.hand_over, name="hand-over"),
    path("<uuid:uid>/print/", desk.print_form, name="print"),
    path("<uuid:uid>/paper/", desk.paper, name="paper"),
    path("<uuid:uid>/take-back/", desk.revoke, name="revoke"),
    path("<uuid:uid>/posts-seen/", desk.follow_up, name="follow-up"),
    path("<uuid:uid>/change/", desk.reopen, name="reopen"),
    path("<uuid:uid>/throw-away/", desk.discard, name="discard"),
]
