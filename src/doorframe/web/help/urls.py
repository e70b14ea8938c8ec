"""Addresses of the help."""

from __future__ import annotations

from django.urls import path

from doorframe.web.help import views

urlpatterns = [
    path("", views.index, name="help"),
    path("search/", views.search, name="help-search"),
    path("pictures/<str:name>", views.picture, name="help-picture"),
    path("<path:path>/", views.page, name="help-page"),
]
