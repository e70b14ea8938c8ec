from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "doorframe.web"
    label = "web"
