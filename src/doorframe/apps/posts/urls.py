"""Addresses of the posts. None holds a word of a text."""

from django.urls import path

from doorframe.apps.posts.views import log, picture, plan, posts, write

app_name = "posts"
urlpatterns = [
    path("", posts.index, name="index"),
    path("new/", write.new, name="new"),
    path("check/", write.check, name="check"),
    path("share/", write.share, name="share"),
    path("picture/", picture.picture, name="picture"),
    path("calendar/", plan.calendar, name="calendar"),
    path("names/", plan.names, name="names"),
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="export"),
    path("<uuid:uid>/", posts.post, name="post"),
    path("<uuid:uid>/change/", write.change, name="change"),
    path("<uuid:uid>/undo/", write.undo, name="undo"),
    path("<uuid:uid>/approve/", posts.approve, name="approve"),
    path("<uuid:uid>/posted/", posts.publish, name="publish"),
    path("<uuid:uid>/<slug:verb>/", posts.step, name="step"),
]
