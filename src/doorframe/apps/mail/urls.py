"""Addresses of the pages about mail."""

from django.urls import path

from doorframe.apps.mail.views import letters, sender

app_name = "mail"
urlpatterns = [
    path("", letters.index, name="index"),
    path("again/", letters.all_again, name="all-again"),
    path("sender/", sender.sender, name="sender"),
    path("<uuid:uid>/again/", letters.again, name="again"),
]
