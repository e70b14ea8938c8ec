"""docs/reference/settings.md: the table of settings."""

from __future__ import annotations

from doorframe.web.env import TABLE, Setting
from doorframe.web.reference import markdown

_KINDS = {
    "text": "text", "flag": "on or off", "number": "a whole number", "folder": "a folder", "file": "a file",
    "list": "names with commas between", "address": "a web address", "database": "a database address",
    "broker": "a broker's address",
}  # fmt: skip


def page() -> str:
    """Every setting with its default and its help."""
    lines: list[str] = []
    for setting in TABLE:
        lines += _setting(setting)
    intro = (
        f"Doorframe has {len(TABLE)} settings. Each is a variable of the environment, and each may be left out. "
        "A setting that makes no sense stops the start with one sentence."
    )
    return markdown.page("Settings", intro, lines)


def _setting(setting: Setting) -> list[str]:
    kind = " or ".join(f"`{choice}`" for choice in setting.choices) or _KINDS[setting.kind]
    default = f"`{setting.default}`" if setting.default else "empty"
    lines = [f"## {setting.name}", "", setting.help, "", f"- Takes: {kind}", f"- If left out: {default}"]
    if setting.secret:
        lines.append("- A secret: keep it out of files that others read")
    return [*lines, ""]
