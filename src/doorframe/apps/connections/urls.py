"""Addresses of the pages about connections."""

from django.urls import path

from doorframe.apps.connections.views import endpoints, tokens

app_name = "connections"
urlpatterns = [
    path("", endpoints.index, name="index"),
    path("keys/new/", tokens.new, name="new-key"),
    path("keys/<uuid:uid>/revoke/", tokens.revoke, name="revoke"),
    path("programs/new/", endpoints.new, name="new-endpoint"),
    path("programs/<uuid:uid>/", endpoints.endpoint, name="endpoint"),
    path("programs/<uuid:uid>/test/", endpoints.test, name="test"),
    path("programs/<uuid:uid>/switch/", endpoints.switch, name="switch"),
    path("programs/<uuid:uid>/secret/", endpoints.secret, name="secret"),
    path("programs/<uuid:uid>/remove/", endpoints.remove, name="remove"),
    path("programs/<uuid:uid>/messages/<uuid:message>/again/", endpoints.again, name="again"),
]
