"""Addresses of the API. Whatever else stands below it is answered as JSON too."""

from django.urls import path

from doorframe.apps.connections.views import api

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", api.description, name="description"),
    path("v1/acknowledgements", api.acknowledgements, name="acknowledgements"),
    path("v1/acknowledgements/<str:uid>", api.acknowledgement, name="acknowledgement"),
    path("v1/papers", api.papers, name="papers"),
    path("v1/papers/<str:number>", api.paper, name="paper"),
    path("v1/campaigns/<str:uid>", api.campaign, name="campaign"),
    path("v1/screen", api.screen, name="screen"),
    path("", api.nothing),
    path("<path:rest>", api.nothing),
]
