"""Doorframe's settings with the room."""

from doorframe.web.settings import *  # noqa: F403
from doorframe.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.room"]
