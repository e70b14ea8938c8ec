"""What `python3 run.py test`, `bench` and `lock` do. Imported by run.py, with the standard library alone."""

import os
import shutil
import subprocess
import tempfile
import time

from run import LOCK, ROOT, VENV, Stop, child_env, prepare, run_attended, say, venv_program, wait_for_lock

FLAGS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
SETS = ("runtime", "dev", "benchmarks", "encoder", "names")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "--quiet", "."]),
    ("template format", ["djangofmt", "--check", "src/doorframe/web", "src/doorframe/apps"]),
    ("template lint", ["djangofmt", "check", "src/doorframe/web", "src/doorframe/apps"]),
    ("mypy", ["mypy"]),
    ("import contracts", ["lint-imports"]),
)


def find_browser() -> str:
    """The Chromium, Chrome or Edge to test in; empty if there is none."""
    named = os.environ.get("DOORFRAME_CHROMIUM")
    if named:
        if not os.path.exists(named):
            raise Stop("DOORFRAME_CHROMIUM names {}, which does not exist.".format(named))
        return named
    places = [*map(shutil.which, BROWSERS), *map(os.path.expandvars, BROWSER_PLACES)]
    return next((place for place in places if place and os.path.exists(place)), "")


def apt_install(*packages: str) -> None:
    """Install Debian packages, if this is Debian and we may; otherwise do nothing."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    say("Installing {} with apt-get".format(" and ".join(packages)))
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def need_browser() -> str:
    """A browser for the journeys, fetched where that can be done without asking."""
    absent = [] if find_browser() else ["chromium", "fonts-dejavu-core"]
    absent += [] if shutil.which("pdftotext") and shutil.which("pdfsig") else ["poppler-utils"]
    absent += [] if shutil.which("openssl") else ["openssl"]
    absent += [] if shutil.which("tesseract") else ["tesseract-ocr"]
    if absent:
        apt_install(*absent)
    browser = find_browser()
    if not browser:
        hint = "install Chromium or Chrome (Debian: apt install chromium), or name it in DOORFRAME_CHROMIUM."
        raise Stop("The browser tests need a browser: " + hint)
    return browser


def run_checks(env: dict) -> list:
    """Run every check that is not a test; the names of those that failed."""
    failed = []
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run([venv_program(command[0]), *command[1:]], cwd=ROOT, env=env)
        say("{}: {} ({:.0f} s)".format(name, "failed" if done.returncode else "fine", time.monotonic() - began))
        if done.returncode:
            failed.append(name)
    return failed


def test(arguments: list) -> int:
    """Every check and every test; pytest's closing line is the last line printed."""
    prepare("runtime", "dev")
    with tempfile.TemporaryDirectory(prefix="doorframe-tests-") as data:
        return run_all(arguments, child_env(DOORFRAME_CHROMIUM=need_browser(), DOORFRAME_DATA=data))


def run_all(arguments: list, env: dict) -> int:
    """The checks, unless only the tests are asked for, then the tests; 0 only if nothing failed."""
    tests_only = "--tests-only" in arguments
    arguments = [argument for argument in arguments if argument != "--tests-only"]
    failed = [] if tests_only else run_checks(env)
    if failed:
        say("Failed before the tests: {}.".format(", ".join(failed)))
    if not arguments:
        arguments = ["-n", "2"]
    tests = run_attended([venv_program("python"), "-m", "pytest", *arguments], env)
    return tests or (1 if failed else 0)


def bench(arguments: list) -> int:
    """Run the benchmarks."""
    prepare("runtime", "dev", "benchmarks")
    return run_attended([venv_program("python"), "-m", "benchmarks", *arguments], child_env())


def lock(arguments: list) -> int:
    """Renew requirements/*.txt from the .in files beside them."""
    if not shutil.which("uv"):
        raise Stop("Renewing the pins needs uv: pip install uv")
    for name in SETS:
        paths = ["-o", "requirements/{}.txt".format(name), "requirements/{}.in".format(name)]
        subprocess.run(["uv", "pip", "compile", *FLAGS, *arguments, *paths], cwd=ROOT, check=True)
    return 0


def clean(arguments: list) -> int:
    """Remove .venv; data stays."""
    with wait_for_lock(LOCK):
        shutil.rmtree(VENV, ignore_errors=True)
    say("Removed .venv; your data is untouched.")
    return 0
