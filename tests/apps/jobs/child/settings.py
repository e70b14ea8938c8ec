"""Doorframe's settings with one room more. `CHILD_` variables stand for what no practice may set."""

import os

from doorframe.web.settings import *  # noqa: F403
from doorframe.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.apps.jobs.child"]
JOBS_ENGINE = os.environ["CHILD_ENGINE"]
JOBS_BROKER = os.environ.get("CHILD_BROKER", "")
JOBS_SWEEP_SECONDS = 0.25
if JOBS_BROKER == "filesystem://":
    folder = os.environ["CHILD_MESSAGES"]
    JOBS_BROKER_OPTIONS = {
        "data_folder_in": folder,
        "data_folder_out": folder,
        "control_folder": os.path.join(folder, "control"),
        "processed_folder": os.path.join(folder, "read"),
        "store_processed": True,
        "polling_interval": 0.05,
    }
