"""The reference pages that come from the application itself: one module for each page, Markdown out."""

from __future__ import annotations

from pathlib import Path

from doorframe.web.reference import api, commands, promises, settings, states


def pages(checkout: Path) -> dict[str, str]:
    """Every page by its file name. `checkout` is the folder that holds tests/, benchmarks/ and run.py."""
    return {
        "settings.md": settings.page(),
        "api.md": api.page(),
        "states.md": states.page(),
        "commands.md": commands.page(checkout),
        "promises.md": promises.page(checkout),
    }
