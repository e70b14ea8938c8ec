"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorframe.engines.interview import answers_file
from tests.engines.practices import basics, pack


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """An answers file that could be published."""
    path = tmp_path / "answers.toml"
    path.write_text(answers_file.write(pack(), basics()), encoding="utf-8")
    return path
