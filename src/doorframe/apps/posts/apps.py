from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "doorframe.apps.posts"
    label = "posts"
    default_auto_field = "django.db.models.BigAutoField"
