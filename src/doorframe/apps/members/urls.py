"""Addresses of beginning, joining, one's own page, the practice and its people."""

from django.urls import path

from doorframe.apps.members.views import begin, own, people, practice, second_step

app_name = "members"
urlpatterns = [
    path("begin/", begin.begin, name="begin"),
    path("join/<slug:token>/", begin.join, name="join"),
    path("me/", own.own, name="own"),
    # Before allauth's own page of this address, which it calls.
    path("me/2fa/authenticate/", second_step.second_step, name="second-step"),
    path("practice/", practice.practice, name="practice"),
    path("practice/begun/", begin.begun, name="begun"),
    path("practice/demo/", practice.switch_demo, name="switch-demo"),
    path("practice/people/", people.people, name="people"),
    path("practice/people/invite/", people.invite, name="invite"),
    path("practice/people/<int:pk>/", people.person, name="person"),
    path("practice/people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("practice/people/<int:pk>/second-factor/", people.reset_second_factor, name="reset-second-factor"),
    path("practice/people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("practice/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
]
