"""How often one key may ask."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from doorframe.apps.connections.models import ApiToken

MOST, SECONDS = 120, 60


def wait(token: ApiToken, *, now: datetime) -> int:
    """Count one more request of this key; for how many seconds it must wait, 0 where it need not."""
    moment = int(now.timestamp())
    key = f"api:{token.pk}:{moment // SECONDS}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, SECONDS)
    return SECONDS - moment % SECONDS if count > MOST else 0
