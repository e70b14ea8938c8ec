"""Addresses for whoever leads the practice: campaigns, preferences, evidence, the trail. Included by `urls`."""

from django.urls import path

from doorframe.apps.signatures.views import campaigns, evidence, preferences

urlpatterns = [
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/<uuid:uid>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:uid>/start/", campaigns.start, name="campaign-start"),
    path("campaigns/<uuid:uid>/stop/", campaigns.stop, name="campaign-stop"),
    path("campaigns/<uuid:uid>/reminders/<uuid:item>/", campaigns.reminders, name="campaign-reminders"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/key/", preferences.key, name="preferences-key"),
    path("evidence/", evidence.index, name="evidence"),
    path("evidence/new/", evidence.new, name="evidence-new"),
    path("evidence/register/", evidence.register, name="evidence-register"),
    path("evidence/<uuid:uid>/", evidence.pack, name="evidence-pack"),
    path("evidence/<uuid:uid>/progress/", evidence.progress, name="evidence-progress"),
    path("evidence/<uuid:uid>/take/", evidence.take, name="evidence-take"),
    path("evidence/bundle/<uuid:uid>/", evidence.bundle, name="evidence-bundle"),
    path("trail/", evidence.trail, name="trail"),
    path("trail/verify/", evidence.verify, name="trail-verify"),
]
