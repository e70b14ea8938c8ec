"""Doorframe's settings, with less patience for a database that somebody else holds, so that tests need not wait."""

import os

from doorframe.web.settings import *  # noqa: F403
from doorframe.web.settings import DATABASES

PATIENCE = float(os.environ.get("FAULTS_PATIENCE", "20"))
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = PATIENCE
else:
    # A server makes everybody wait without an end unless it is told; a test is that patient with neither.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c lock_timeout={int(PATIENCE * 1000)}"
