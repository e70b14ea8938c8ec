"""run.py under the conditions people meet, each made for real where a machine allows it, without a network."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = getattr(sys, "_base_executable", sys.executable)
NAMES = ("runtime", "dev", "benchmarks")

# Stands in for pip and for the web start, so that no test needs the network. Each pip call leaves a line.
FAKES = """
import os, sys
sys.path.insert(0, os.getcwd())
import run
real_pip = run.run_pip
def run_pip(arguments, total):
    with open(os.path.join(run.ROOT, "pip-calls.txt"), "a") as calls:
        calls.write(" ".join(arguments) + "\\n")
run.run_pip = run_pip
def make_venv():
    import subprocess
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", "--without-pip", run.VENV])
run.make_venv = make_venv
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A small checkout: run.py, its requirements and a package whose start tells what it was given."""
    # Not tmp_path: that is closed to the unprivileged person of the read-only test.
    with tempfile.TemporaryDirectory(prefix="doorframe-run-") as name:
        place = Path(name).resolve()
        for path in ("run.py", "pyproject.toml", ".ci/develop.py", *(f"requirements/{name}.txt" for name in NAMES)):
            (place / path).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / path, place / path)
        package = place / "src" / "doorframe" / "web"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text('__version__ = "0"\n')
        (package / "__init__.py").write_text("")
        (package / "start.py").write_text(
            "import os, sys\nprint('START', sys.argv[1:], os.environ['DOORFRAME_DATA'], flush=True)\n"
        )
        place.chmod(0o755)
        yield place


def run(folder: Path, *arguments: str, before: str = "", **options: object) -> subprocess.CompletedProcess[str]:
    """Run run.py in `folder` with the fakes, and `before` on top of them."""
    return subprocess.run(command(*arguments, before=before), cwd=folder, **settings(folder, options))  # type: ignore[call-overload]


def command(*arguments: str, before: str = "") -> list[str]:
    """The command line that runs run.py with fakes."""
    code = f"{FAKES}\n{textwrap.dedent(before)}\nsys.exit(run.main({list(arguments)!r}))"
    return [PYTHON, "-c", code]


def settings(folder: Path, options: dict[str, object]) -> dict[str, object]:
    """An environment without this run's own settings; the fake package is importable."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("DOORFRAME_", "PIP_", "PYTHON"))}
    env |= {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    more = options.pop("env", {})
    assert isinstance(more, dict)
    return {"capture_output": True, "text": True, "timeout": 120, "env": env | more, **options}


def pip_calls(folder: Path) -> list[str]:
    """What pip was asked for, in order."""
    path = folder / "pip-calls.txt"
    return path.read_text().splitlines() if path.exists() else []


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """One sentence on stderr, with these words in it, and no traceback."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


# --- trouble is one line ---------------------------------------------------------------------------------------------


@pytest.mark.promise("L1")
def test_an_old_python_is_told_so(folder: Path) -> None:
    done = run(folder, before="run.python_version = lambda: (3, 9)")
    assert done.returncode == 2
    assert_one_line(done, "needs Python 3.11", "this is Python 3.9")
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("name", ["run.py", ".ci/develop.py"])
def test_an_old_python_can_read_the_file_that_tells_it(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.NamedExpr | ast.JoinedStr | ast.Match)
        assert not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        if isinstance(node, ast.FunctionDef):
            hints = [node.returns, *(argument.annotation for argument in node.args.args)]
            assert not any(isinstance(hint, ast.Subscript | ast.BinOp) for hint in hints), node.name


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_what_to_install(folder: Path, module: str) -> None:
    done = run(folder, before=f"sys.modules[{module!r}] = None")
    assert done.returncode == 2
    assert_one_line(done, "virtual environment", "python3-venv")


def test_debian_is_told_its_own_command(folder: Path) -> None:
    done = run(folder, before="sys.modules['ensurepip'] = None; run.shutil.which = lambda name: '/usr/bin/' + name")
    assert_one_line(done, "apt install python3-venv")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits for folders")
def test_a_read_only_folder_is_named(folder: Path) -> None:
    # An administrator may write anywhere, so the rest of the run is nobody's. Python's own files are read before.
    nobody = "import ensurepip, venv\nif os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    folder.chmod(0o555)
    try:
        with_data_elsewhere = run(folder, before=nobody, env={"DOORFRAME_DATA": tempfile.gettempdir()})
        with_data_inside = run(folder, before=nobody)
    finally:
        folder.chmod(0o755)
    assert with_data_elsewhere.returncode == with_data_inside.returncode == 2
    assert_one_line(with_data_elsewhere, "read-only", str(folder), "move Doorframe")
    assert_one_line(with_data_inside, "read-only", "DOORFRAME_DATA")


def test_no_network_at_the_first_start(folder: Path) -> None:
    """A real pip, whose only index is a port of this machine where nothing answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        env = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"http://127.0.0.1:{closed.getsockname()[1]}/",
            "PIP_RETRIES": "1",
            "PIP_NO_CACHE_DIR": "1",
            "NO_PROXY": "127.0.0.1",
        }
        real = "import importlib; run = importlib.reload(run)"
        done = run(folder, before=real, env=env)
    assert done.returncode == 1
    assert_one_line(done, "No network", "first start")
    assert "runtime" not in json.loads((folder / ".venv" / "doorframe-installed.json").read_text())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "fingerprint"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found", "No network"),
        ("WARNING: odd\nERROR: the wheel is bent", "the wheel is bent"),
        ("", "pip said nothing"),
    ],
)
def test_each_failure_of_pip_has_its_sentence(folder: Path, said: str, sentence: str) -> None:
    before = f"def broken(arguments, total): raise run.Stop(run.why_pip_failed({said.splitlines()!r}), 1)\n"
    done = run(folder, before=before + "run.run_pip = broken")
    assert done.returncode == 1
    assert_one_line(done, sentence)


def test_an_unknown_command_lists_the_known_ones(folder: Path) -> None:
    done = run(folder, "tset")
    assert done.returncode == 2
    assert_one_line(done, "tset", "test", "clean")


@pytest.mark.parametrize("port", ["0", "65536", "door"])
def test_an_impossible_port_is_refused(folder: Path, port: str) -> None:
    done = run(folder, "--port", port)
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert pip_calls(folder) == []


# --- installing ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("L1")
def test_the_second_start_installs_nothing(folder: Path) -> None:
    first = run(folder, "--no-open")
    assert first.returncode == 0, first.stderr
    assert "--no-open" in first.stdout
    assert [call.split()[0] for call in pip_calls(folder)] == ["--require-hashes", "--no-deps"]

    # The start itself is the only process of a second run.
    before = """
        started = []
        real = run.subprocess.Popen
        class Popen(real):
            def __init__(self, command, **options):
                started.append(command); super().__init__(command, **options)
        run.subprocess.Popen = Popen
        import atexit; atexit.register(lambda: print("PROCESSES", len(started)))
    """
    second = run(folder, before=before)
    assert "PROCESSES 1" in second.stdout
    assert "Installed" not in second.stdout
    assert len(pip_calls(folder)) == 2


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements/runtime.txt", ["--require-hashes"]),
        ("pyproject.toml", ["--no-deps"]),
        ("requirements/dev.txt", []),
    ],
)
def test_only_what_changed_is_installed_again(folder: Path, changed: str, again: list[str]) -> None:
    run(folder)
    with (folder / changed).open("a") as target:
        target.write("# changed\n")
    run(folder)
    assert [call.split()[0] for call in pip_calls(folder)[2:]] == again


def test_another_python_builds_a_new_environment(folder: Path) -> None:
    run(folder)
    left_behind = folder / ".venv" / "left-behind"
    left_behind.touch()
    done = run(folder, before="run.python_version = lambda: (3, 99)")
    assert done.returncode == 0, done.stderr
    assert not left_behind.exists()


def test_a_crash_while_installing_leaves_no_stamp(folder: Path) -> None:
    crash = "def run_pip(arguments, total):\n    if '-e' in arguments: os._exit(9)\nrun.run_pip = run_pip"
    assert run(folder, before=crash).returncode == 9
    stamp = json.loads((folder / ".venv" / "doorframe-installed.json").read_text())
    assert "package" not in stamp
    assert "runtime" in stamp  # what was whole is kept

    assert run(folder).returncode == 0
    assert [call.split()[0] for call in pip_calls(folder)] == ["--no-deps"]


@pytest.mark.parametrize("damage", ["{", "[]", ""])
def test_a_damaged_stamp_means_installing_again(folder: Path, damage: str) -> None:
    run(folder)
    (folder / ".venv" / "doorframe-installed.json").write_text(damage)
    assert run(folder).returncode == 0
    assert len(pip_calls(folder)) == 4


def test_two_starts_at_once_install_once_and_take_two_ports(folder: Path) -> None:
    stay = "import sys, time\nprint('START', sys.argv[2], flush=True)\ntime.sleep(4)\n"
    (folder / "src/doorframe/web/start.py").write_text(stay)
    slow = "import time\nfast = run.run_pip\nrun.run_pip = lambda *a: (time.sleep(1), fast(*a))"
    results: list[subprocess.CompletedProcess[str]] = []
    threads = [threading.Thread(target=lambda: results.append(run(folder, before=slow))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.returncode for done in results] == [0, 0], [done.stderr for done in results]
    assert len(pip_calls(folder)) == 2
    assert sum("waiting for it" in done.stdout for done in results) == 1
    ports = {re.search(r"START (\d+)", done.stdout).group(1) for done in results}  # type: ignore[union-attr]
    assert len(ports) == 2


def test_progress_names_what_is_fetched(folder: Path) -> None:
    """The real pip reader, fed by a program that speaks like pip."""
    speaker = folder / "speaker.py"
    speaker.write_text("print('Collecting django==5.2 (from -r x)')\nprint('Collecting typst==0.15')\n")
    before = """
        run.os.makedirs(run.VENV)
        real = run.subprocess.Popen
        run.subprocess.Popen = lambda command, **options: real([sys.executable, "speaker.py"], **options)
        real_pip([], 2)
        print(open(run.LOG).read())
        sys.exit(0)
    """
    done = run(folder, before=before)
    assert "  2 of 2: typst" in done.stdout, done.stderr
    assert "Collecting django==5.2" in done.stdout


def test_clean_removes_the_environment_and_keeps_the_data(folder: Path) -> None:
    run(folder)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "kept").touch()
    assert run(folder, "clean").returncode == 0
    assert not (folder / ".venv").exists()
    assert (folder / "data" / "kept").exists()


# --- starting --------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_told_and_the_next_one_used(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(folder, "--port", str(port))
    assert done.returncode == 0, done.stderr
    said = re.search(r"Port (\d+) is taken; using (\d+)\.", done.stdout)
    assert said is not None
    assert int(said[1]) == port < int(said[2])
    assert f"START ['--port', '{said[2]}']" in done.stdout


def test_data_lies_in_the_checkout_unless_told_otherwise(folder: Path) -> None:
    assert str(folder / "data") in run(folder).stdout
    elsewhere = run(folder, env={"DOORFRAME_DATA": "elsewhere"})
    assert str(folder / "elsewhere") in elsewhere.stdout


def test_a_failed_start_gives_its_exit_code(folder: Path) -> None:
    (folder / "src/doorframe/web/start.py").write_text("import sys\nsys.exit('The database is newer than this.')\n")
    done = run(folder)
    assert done.returncode == 1
    assert_one_line(done, "The database is newer than this.")


# Whoever runs the tests in the background may have them ignore Ctrl-C, and children inherit that.
HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); run.STOP_SECONDS = 0.5"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is delivered to a console there, not to a process")
@pytest.mark.parametrize("obedient", [True, False])
def test_ctrl_c_stops_without_a_traceback(folder: Path, obedient: bool) -> None:
    signals = "" if obedient else "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    waiting = f"""
        import signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
        {signals}
        print("READY", flush=True)
        time.sleep(60)
    """
    (folder / "src/doorframe/web/start.py").write_text(textwrap.dedent(waiting))
    options = settings(folder, {})
    with subprocess.Popen(
        command(before=HEARS_CTRL_C),
        cwd=folder,
        env=options["env"],  # type: ignore[arg-type]
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        while "READY" not in running.stdout.readline():
            assert running.poll() is None
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert ("Stopped; it did not end by itself." in out) == (not obedient)
    assert err == ""


# --- the browser for the tests ---------------------------------------------------------------------------------------

NOTHING_INSTALLED = """
    run.shutil.which = lambda name: None
    sys.path.insert(0, ".ci")
    sys.modules["run"] = run
    import develop
    develop.BROWSER_PLACES = ()
"""


def test_without_a_browser_one_line_says_how_to_get_one(folder: Path) -> None:
    done = run(folder, "test", before=NOTHING_INSTALLED)
    assert done.returncode == 2
    assert_one_line(done, "need a browser", "install", "DOORFRAME_CHROMIUM")


def test_a_named_browser_must_exist(folder: Path) -> None:
    done = run(folder, "test", env={"DOORFRAME_CHROMIUM": "no/such/browser"})
    assert done.returncode == 2
    assert_one_line(done, "no/such/browser", "does not exist")


@pytest.mark.parametrize(
    ("failing", "code"), [("", 0), ("mypy", 1), ("pytest", 1), ("ruff", 1), ("lint-imports", 1), ("djangofmt", 1)]
)
@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_any_failure_fails_and_the_closing_line_is_last(folder: Path, failing: str, code: int) -> None:
    run(folder)
    programs = folder / ".venv" / "bin"
    for name in ("ruff", "djangofmt", "mypy", "lint-imports"):
        (programs / name).write_text(f"#!/bin/sh\nexit {int(name == failing)}\n")
        (programs / name).chmod(0o755)
    (folder / "src" / "pytest.py").write_text(
        f"import sys\nprint('=== 3 passed in 0.01s ===')\nsys.exit({int(failing == 'pytest')})\n"
    )
    done = run(folder, "test", env={"DOORFRAME_CHROMIUM": sys.executable, "PATH": os.environ["PATH"]})
    assert done.returncode == code, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "=== 3 passed in 0.01s ==="
    assert ("Failed before the tests" in done.stdout) == (failing not in ("", "pytest"))
