from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _restore_guards(*, using: str, **kwargs: Any) -> None:
    # SQLite rebuilds a table to alter it and loses its triggers on the way; every migrate puts them back.
    from doorframe.apps.trail import guards

    connection = connections[using]
    if guards.TABLE in connection.introspection.table_names():
        guards.install(connection)


class TrailConfig(AppConfig):
    name = "doorframe.apps.trail"
    label = "trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_restore_guards, sender=self)
