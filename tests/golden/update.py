"""Rewrite the expected documents: `python -m tests.golden.update`. Read what changed before you commit it."""

from __future__ import annotations

import difflib

from tests.golden.profiles import HERE, PROFILES, markdown, outputs


def main() -> None:
    changed = [line for profile in PROFILES for output in outputs() for line in _update(profile, output)]
    print("\n".join(changed) if changed else "Nothing changed.")


def _update(profile: str, output: str) -> list[str]:
    path = HERE / profile / f"{output}.md"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = markdown(profile, output)
    if before == after:
        return []
    path.write_text(after, encoding="utf-8", newline="\n")
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    words = [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    return [f"{profile}/{output}.md: {len(words)} lines", *(f"  {line[:160]}" for line in words[:12] if before)]


if __name__ == "__main__":
    main()
