"""`doorframe-admin`: the commands of the installation that need the database."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one management command; exit 2 with one sentence when a setting makes no sense."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorframe.web.settings")
    from django.core.management import ManagementUtility

    from doorframe.web.env import SettingError

    try:
        ManagementUtility(["doorframe-admin", *sys.argv[1:]]).execute()
    except SettingError as error:
        print(f"doorframe-admin: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
