"""How often one address may try something."""

from __future__ import annotations

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MINUTES = 10


def is_too_often(request: HttpRequest, what: str, *, now: datetime, most: int = 20) -> bool:
    """Count one more try of `what`, and say whether that makes too many from this address in ten minutes."""
    span = MINUTES * 60
    key = f"tries:{what}:{get_adapter().get_client_ip(request)}:{int(now.timestamp() // span)}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, span)
    return count > most
