"""Addresses of the clients. None ever holds a name: a client is its uid, a search is sealed."""

from django.urls import path

from doorframe.apps.clients.models import Capacity
from doorframe.apps.clients.views import entries, exchange, people

app_name = "clients"
urlpatterns = [
    path("", entries.index, name="index"),
    path("search/", entries.search, name="search"),
    path("add/", entries.add, name="add"),
    path("import/", exchange.bring, name="bring"),
    path("import/confirm/", exchange.confirm, name="confirm"),
    path("import/empty.csv", exchange.empty, name="empty"),
    path("export/", exchange.export, name="export"),
    path("<uuid:uid>/", entries.client, name="client"),
    path("<uuid:uid>/change/", entries.change, name="change"),
    path("<uuid:uid>/status/", entries.status, name="status"),
    path("<uuid:uid>/reminders/", entries.reminders, name="reminders"),
    path("<uuid:uid>/erase/", entries.erase, name="erase"),
    path("<uuid:uid>/people/add/", people.add, {"capacity": Capacity.CLIENT}, name="add-person"),
    path("<uuid:uid>/people/add-guardian/", people.add, {"capacity": Capacity.GUARDIAN}, name="add-guardian"),
    path("<uuid:uid>/people/<uuid:person>/", people.change, name="change-person"),
    path("<uuid:uid>/people/<uuid:person>/remove/", people.remove, name="remove-person"),
]
