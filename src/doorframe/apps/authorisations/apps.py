from django.apps import AppConfig


class AuthorisationsConfig(AppConfig):
    name = "doorframe.apps.authorisations"
    label = "authorisations"
    default_auto_field = "django.db.models.BigAutoField"
