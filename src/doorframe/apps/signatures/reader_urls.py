"""Addresses of readers: a link's door, and pages without any id in them, for the browser holds who reads."""

from django.urls import path

from doorframe.apps.signatures.views import answer, links, reader, tablet

app_name = "signatures"
urlpatterns = [
    path("c/<str:token>/", links.link, name="link"),
    path("c/<str:token>/again/", links.again, name="again"),
    path("read/", reader.start, name="read"),
    path("read/ended/", links.ended, name="ended"),
    path("read/<int:number>/", reader.page, name="page"),
    path("read/whole/", reader.whole, name="whole"),
    path("read/whole/done/", reader.read_whole, name="read-whole"),
    path("read/ask/<slug:clause>/", reader.ask, name="ask"),
    path("read/document.pdf", reader.policy_pdf, name="policy-pdf"),
    path("read/text/", reader.text_size, name="text-size"),
    path("read/answer/", answer.choose, name="choose"),
    path("read/understanding/", answer.understanding, name="understanding"),
    path("read/before-signing/", answer.disclosure, name="disclosure"),
    path("read/sign/", answer.sign, name="sign"),
    path("read/done/", answer.done, name="done"),
    path("read/copy-way/", answer.choose_copy, name="choose-copy"),
    path("read/paper/", answer.withdraw, name="withdraw"),
    path("read/copy/", answer.copy, name="copy"),
    path("read/copy.pdf", answer.copy_pdf, name="copy-pdf"),
    path("read/leave/", answer.leave, name="leave"),
    path("read/turns/", tablet.turns, name="turns"),
    path("read/own-phone/", tablet.own_phone, name="own-phone"),
    path("read/awake/", tablet.awake, name="awake"),
    path("read/lock/", tablet.lock, name="lock"),
    path("read/back/", tablet.take_back, name="take-back"),
]
