"""Addresses of the practice's own pages for acknowledgements. None holds a name, a question or a working link."""

from django.urls import include, path

from doorframe.apps.signatures.views import desk, inbox

app_name = "acks"
urlpatterns = [
    path("", include("doorframe.apps.signatures.leading_urls")),
    path("", inbox.index, name="index"),
    path("", include("doorframe.apps.signatures.tablet_urls")),
    path("questions/", inbox.questions, name="questions"),
    path("questions/<uuid:uid>/", inbox.question, name="question"),
    path("wishes/", inbox.wishes, name="wishes"),
    path("wishes/<uuid:uid>/done/", inbox.wish_done, name="wish-done"),
    path("countersign/", inbox.countersign, name="countersign-all"),
    path("talks/", inbox.talks, name="talks"),
    path("talks/<uuid:uid>/<slug:kind>/", inbox.talk, name="talk"),
    path("clients/<uuid:uid>/ask/", desk.ask, name="ask"),
    path("<uuid:uid>/", desk.item, name="item"),
    path("<uuid:uid>/people/<uuid:signer>/send/", desk.send, name="send"),
    path("<uuid:uid>/people/<uuid:signer>/record/", desk.record, name="record"),
    path("<uuid:uid>/people/<uuid:signer>/copy/", desk.copy_handed, name="copy-handed"),
    path("<uuid:uid>/explain/", desk.explain, name="explain"),
    path("<uuid:uid>/add/<slug:capacity>/", desk.helper, name="helper"),
    path("<uuid:uid>/countersign/", desk.countersign, name="countersign"),
    path("<uuid:uid>/again/", desk.again, name="again"),
    path("<uuid:uid>/withdraw/", desk.withdraw, name="withdraw"),
    path("<uuid:uid>/sealed.pdf", desk.sealed, name="sealed"),
    path("<uuid:uid>/verify/", desk.verify, name="verify"),
    path("<uuid:uid>/seal/", desk.seal_again, name="seal-again"),
]
