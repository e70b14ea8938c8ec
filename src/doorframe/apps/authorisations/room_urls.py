"""Addresses for a device in a client's hands. They open for the browser that holds the secret of a turn alone."""

from django.urls import path

from doorframe.apps.authorisations.views import room

app_name = "room"
urlpatterns = [
    path("", room.turns, name="turns"),
    path("read/", room.read, name="read"),
    path("sign/", room.sign, name="sign"),
    path("done/", room.done, name="done"),
]
