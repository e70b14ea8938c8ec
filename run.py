#!/usr/bin/env python3
"""Install, start and test Doorframe with nothing but Python's standard library.

    python3 run.py [--port N] [--no-open]    install what is missing, then start
    python3 run.py test [pytest arguments]   every check and every test
    python3 run.py bench [arguments]         the benchmarks
    python3 run.py lock                      renew the pinned requirements (needs uv)
    python3 run.py clean                     remove .venv

Data is kept in the folder data/ beside this file, or in the folder named by DOORFRAME_DATA.
Exit codes: 0 fine, 1 something failed, 2 this machine or this call lacks something.
"""

# This file must compile on Python 3.6, so that an old Python reads one sentence and not a traceback:
# no walrus, no match, no "list[str]", and only the standard library.
import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "doorframe-installed.json")
LOCK = os.path.join(ROOT, ".venv.lock")
LOG = os.path.join(VENV, "install.log")

OLDEST_PYTHON = (3, 11)
FIRST_PORT = 8321
PORTS_TRIED = 100
STOP_SECONDS = 30  # web and worker may take ten seconds each

OFFLINE_SIGNS = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError|name resolution|ConnectTimeout"
    r"|ReadTimeout|Network is unreachable|Connection refused|Connection aborted|ProxyError|getaddrinfo"
)


class Stop(Exception):
    """Ends the run with one sentence for the person at the keyboard."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def say(line: str) -> None:
    """Print one line at once, so that progress is seen while it happens."""
    print(line, flush=True)


# --- what this machine must have -------------------------------------------------------------------------------------


def python_version() -> tuple:
    """The running Python as (major, minor)."""
    return tuple(sys.version_info[:2])


def check_python() -> None:
    """Refuse a Python that cannot run Doorframe."""
    if python_version() >= OLDEST_PYTHON:
        return
    have, need = (".".join(str(part) for part in pair) for pair in (python_version(), OLDEST_PYTHON))
    raise Stop("Doorframe needs Python {} or newer; this is Python {}. {}".format(need, have, how_to_get_python()))


def how_to_get_python() -> str:
    """Where a newer Python comes from on this kind of machine."""
    if sys.platform == "darwin":
        return "On macOS: brew install python@3.13, then python3.13 run.py"
    if os.name == "nt":
        return "On Windows: winget install Python.Python.3.13, then py -3.13 run.py"
    return "Install a newer python3 with your package manager and run it with that one."


def check_venv_module() -> None:
    """Debian and its kin ship Python without what makes a virtual environment."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        hint = "apt install python3-venv" if shutil.which("apt-get") else "install your system's python3-venv package."
        raise Stop("This Python cannot make a virtual environment: " + hint) from None


def check_writable(folder: str, purpose: str) -> None:
    """Refuse a folder nothing can be written to. `folder` may still be missing; then its parent counts."""
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError:
        raise Stop("The folder {} is read-only: {}".format(folder, purpose)) from None


def data_folder() -> str:
    """Where Doorframe keeps its data: outside the checkout only if asked to."""
    return os.path.abspath(os.environ.get("DOORFRAME_DATA") or os.path.join(ROOT, "data"))


# --- locks -----------------------------------------------------------------------------------------------------------


def try_lock(path: str):
    """Lock `path` until the returned file is closed or this process ends; None if another process holds it."""
    handle = open(path, "a")  # noqa: SIM115
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def wait_for_lock(path: str):
    """Take the lock, telling once why it takes a while."""
    handle = try_lock(path)
    if handle is None:
        say("Another start is installing Doorframe; waiting for it.")
    while handle is None:
        time.sleep(0.2)
        handle = try_lock(path)
    return handle


# --- installing ------------------------------------------------------------------------------------------------------


def venv_program(name: str) -> str:
    """The path of a program inside .venv."""
    return os.path.join(VENV, "Scripts", name + ".exe") if os.name == "nt" else os.path.join(VENV, "bin", name)


def fingerprint(*names: str) -> str:
    """A hash of the named files of the checkout, this Python and this folder: a moved .venv does not work."""
    seen = hashlib.sha256("{} {} {}".format(python_version(), platform.machine(), ROOT).encode())
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as source:
            seen.update(source.read().replace(b"\r\n", b"\n"))
    return seen.hexdigest()


def wanted(sets: tuple) -> dict:
    """What must be installed, each with the fingerprint it must have been installed from."""
    prints = {name: fingerprint("requirements/{}.txt".format(name)) for name in sets}
    prints["package"] = fingerprint("pyproject.toml", "src/doorframe/__init__.py")
    return prints


def read_stamp() -> dict:
    """What was installed without a fault; empty if nothing, if .venv is broken or if another Python made it."""
    if not os.path.exists(venv_program("python")):
        return {}
    try:
        with open(STAMP, encoding="utf-8") as source:
            stamp = json.load(source)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and stamp.get("python") == fingerprint() else {}


def write_stamp(stamp: dict) -> None:
    """Replace the stamp in one step: a crash leaves the old one or the new one."""
    draft = STAMP + ".new"
    with open(draft, "w", encoding="utf-8") as target:
        json.dump(stamp, target, indent=1, sort_keys=True)
    os.replace(draft, STAMP)


def missing(sets: tuple) -> list:
    """The names in `sets`, and "package", that are not installed as wanted; in the order to install them."""
    stamp = read_stamp()
    return [name for name, value in wanted(sets).items() if stamp.get(name) != value]


def prepare(*sets: str) -> None:
    """Bring .venv up to date with `sets`; does nothing, and starts no process, if it is."""
    if not missing(sets):
        return
    check_venv_module()
    check_writable(ROOT, "move Doorframe to a folder you may write to, and start it there.")
    with wait_for_lock(LOCK):
        todo = missing(sets)  # the start we waited for may have done the work
        if todo:
            install(todo, sets)


def install(todo: list, sets: tuple) -> None:
    """Install what is missing and stamp each part only once it is whole."""
    began = time.monotonic()
    stamp = read_stamp()
    if not stamp:
        say("Making a virtual environment in .venv")
        make_venv()
        stamp = {"python": fingerprint()}
    for name in todo:
        stamp.pop(name, None)
        write_stamp(stamp)
        install_package() if name == "package" else install_set(name)
        write_stamp(dict(stamp, **{name: wanted(sets)[name]}))
        stamp = read_stamp()
    say("Installed in {:.0f} s.".format(time.monotonic() - began))


def make_venv() -> None:
    """A new, empty .venv. Built by the Python beneath, in case run.py itself was started from within .venv."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run([base, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        reason = made.stdout.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Stop("Could not make .venv: " + reason[-1], 1)


def install_set(name: str) -> None:
    """Install one hash-pinned set, telling how far it is."""
    path = os.path.join(ROOT, "requirements", name + ".txt")
    with open(path, encoding="utf-8") as source:
        total = sum(1 for line in source if re.match(r"[A-Za-z0-9]", line))
    say("Installing the {} set: up to {} packages, about a minute, this once.".format(name, total))
    retries = [] if os.environ.get("PIP_RETRIES") else ["--retries", "2"]
    run_pip(["--require-hashes", "--only-binary", ":all:", *retries, "-r", path], total)


def install_package() -> None:
    """Make the checkout itself importable, without the network."""
    run_pip(["--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT], 1)


def run_pip(arguments: list, total: int) -> None:
    """Run the pip of .venv, keep what it says in a log, and print a line now and then."""
    command = [venv_program("python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    count, told, text = 0, time.monotonic(), []
    with subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
    ) as running:
        for raw in running.stdout:
            text.append(raw.decode(errors="replace").rstrip())
            if not text[-1].startswith("Collecting "):
                continue
            count += 1
            if time.monotonic() - told > 3 or count == total:
                told = time.monotonic()
                say("  {} of {}: {}".format(count, total, re.split("[=<>; ]", text[-1][11:])[0]))
    with open(LOG, "w", encoding="utf-8") as target:
        target.write("\n".join(text) + "\n")
    if running.returncode:
        raise Stop(why_pip_failed(text), 1)


def why_pip_failed(text: list) -> str:
    """One sentence for a failed installation."""
    whole = "\n".join(text)
    if OFFLINE_SIGNS.search(whole):
        return "No network: the first start fetches the packages Doorframe needs. Connect and start again."
    if "No space left" in whole:
        return "The disk is full: Doorframe needs about 300 MB."
    if "HASHES" in whole:
        return "A package does not have the fingerprint it should have; nothing was installed. See " + LOG
    errors = [line for line in text if line.startswith("ERROR")] or text or ["pip said nothing"]
    return "Installing failed: {} (see {})".format(errors[-1], LOG)


# --- starting --------------------------------------------------------------------------------------------------------


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there it would allow a second listener
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def reserve_port(wish: int) -> tuple:
    """The first free port from `wish` on, and a lock that keeps other starts away from it while we live."""
    for port in range(wish, min(wish + PORTS_TRIED, 65536)):
        try:
            lock = try_lock(os.path.join(tempfile.gettempdir(), "doorframe-port-{}.lock".format(port)))
        except OSError:  # another person's lock file: that port is theirs
            continue
        if lock is None:
            continue
        if is_free(port):
            return port, lock
        lock.close()
    raise Stop("No free port from {} on; name another with --port.".format(wish))


def run_attended(command: list, env: dict) -> int:
    """Run a program in front of us; pass on a request to stop and wait until it has stopped."""
    child = subprocess.Popen(command, cwd=ROOT, env=env)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    except KeyboardInterrupt:  # the terminal has told the child as well
        return wait_for_end(child)


def wait_for_end(child: subprocess.Popen) -> int:
    """Give the child time to finish; a second Ctrl-C or a long wait ends it."""
    try:
        child.wait(STOP_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        child.kill()
        child.wait()
        say("Stopped; it did not end by itself.")
    return 0


def child_env(**more: str) -> dict:
    """The environment for programs inside .venv."""
    env = dict(os.environ, PYTHONUNBUFFERED="1", VIRTUAL_ENV=VENV, **more)
    env.pop("PYTHONHOME", None)
    env["PATH"] = os.path.dirname(venv_program("python")) + os.pathsep + env.get("PATH", "")
    return env


def start(arguments: list) -> int:
    """Install what is missing and start web and worker."""
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the port to try first ({})".format(FIRST_PORT))
    parser.add_argument("--no-open", action="store_true", help="do not open a browser window")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        parser.error("--port must be from 1 to 65535")
    check_writable(data_folder(), "name another folder for the data in DOORFRAME_DATA.")
    prepare("runtime")
    port, _lock = reserve_port(options.port)
    if port != options.port:
        say("Port {} is taken; using {}.".format(options.port, port))
    command = [venv_program("python"), "-m", "doorframe.web.start", "--port", str(port)]
    return run_attended(command + ["--no-open"] * options.no_open, child_env(DOORFRAME_DATA=data_folder()))


# --- the commands ----------------------------------------------------------------------------------------------------


def develop(name: str, arguments: list) -> int:
    """The commands for people who work on Doorframe; they live in .ci/develop.py."""
    sys.modules.setdefault("run", sys.modules[__name__])
    sys.path.insert(0, os.path.join(ROOT, ".ci"))
    import develop as commands

    return getattr(commands, name)(arguments)


COMMANDS = ("start", "test", "bench", "lock", "clean")


def main(arguments: list) -> int:
    """Do what was asked; every foreseen trouble is one line on stderr."""
    name, rest = "start", arguments
    if arguments and not arguments[0].startswith("-"):
        name, rest = arguments[0], arguments[1:]
    try:
        if name not in COMMANDS:
            raise Stop("Unknown command {}; there is: {}.".format(name, ", ".join(COMMANDS)))
        check_python()
        return start(rest) if name == "start" else develop(name, rest)
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        return stop.code
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
