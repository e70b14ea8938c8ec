"""Addresses that readers open without signing in. They never change."""

from django.urls import path

from doorframe.apps.policies.views import files

app_name = "public"
urlpatterns = [
    path("policy.css", files.stylesheet, name="stylesheet"),
    path("<slug:slug>/", files.current, name="current"),
    path("<slug:slug>/versions/", files.versions, name="versions"),
    path("<slug:slug>/v<int:number>/", files.permanent, name="permanent"),
]
