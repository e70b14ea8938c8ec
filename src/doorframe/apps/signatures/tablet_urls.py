"""Addresses of the practice for the tablet and for paper; part of `acks`."""

from django.urls import path

from doorframe.apps.signatures.views import hand_over, paper

urlpatterns = [
    path("pin/", hand_over.pin, name="pin"),
    path("paper/", paper.came_back, name="came-back"),
    path("scans/<uuid:uid>/", paper.scan, name="scan"),
    path("<uuid:uid>/hand-over/", hand_over.hand_over, name="hand-over"),
    path("<uuid:uid>/paper/", paper.paper, name="paper"),
    path("<uuid:uid>/paper/print/", paper.print_sheet, name="print-sheet"),
]
