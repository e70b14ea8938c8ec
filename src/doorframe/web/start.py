"""`python -m doorframe.web.start`: bring the database up to date, then run the server and the worker."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
OTHER_PORTS = 20


@dataclass
class Child:
    """A process that belongs to this start."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it; it gets its own session so that Ctrl-C reaches only us and we stop it in order."""
        self.starts.append(time.monotonic())
        own_group: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
            if os.name == "nt"
            else {"start_new_session": True}
        )
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, **own_group)

    def has_died(self) -> bool:
        """Whether it ran and runs no more."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to end, and after ten seconds end it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main(argv: list[str] | None = None) -> int:
    """Start everything and stay until stopped; the exit code."""
    options = _options(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorframe.web.settings")
    from doorframe.web import env

    try:
        settings = env.read()
        password, code = _prepare(settings)
    except env.SettingError as error:
        print(f"Doorframe cannot start: {error}", file=sys.stderr)
        return 2
    port = _free_port(options.port)
    if port is None:
        last = options.port + OTHER_PORTS
        print(f"Doorframe cannot start: the ports {options.port} to {last} are all in use.", file=sys.stderr)
        return 2
    if port != options.port:
        _say(f"Port {options.port} is in use, so this is port {port}.")
    address = f"{settings['DOORFRAME_PUBLIC_URL'] or f'http://localhost:{port}'}/"
    # For the server and the worker, who cannot know it: letters name it where there is no public address.
    os.environ["DOORFRAME_SERVED_AT"] = address
    words = _welcome(address, password, code)
    return _run(port, address, words, jobs=settings["DOORFRAME_JOBS"], open_browser=not options.no_open)


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="doorframe start", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default 8000)")
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    return parser.parse_args(argv)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _prepare(settings: Any) -> tuple[str, str]:
    """Tables, seeds and keys; gives the demo's password or, without a demo and a practice, the set-up code."""
    from doorframe.web import env

    is_new = not (settings.data / "doorframe.sqlite3").exists() and not settings["DOORFRAME_DATABASE_URL"]
    wants_demo = settings["DOORFRAME_DEMO"] == "on" or (settings["DOORFRAME_DEMO"] == "auto" and is_new)
    if wants_demo:
        # Before Django reads its settings: the file is what tells every process that the demo is on.
        env.kept_secret(settings.demo_password_file, length=12)

    import django

    django.setup()
    from django.db import OperationalError

    try:
        _migrate()
    except OperationalError as error:
        raise env.SettingError(f"the database does not answer ({str(error).strip().splitlines()[0]}).") from error
    if not settings.is_demo:
        return "", _setup_code(settings)
    password = env.kept_secret(settings.demo_password_file, length=12)
    _seed(password)
    return password, ""


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    _say(f"Preparing the database ({len(plan)} steps) ...")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _setup_code(settings: Any) -> str:
    """The code of the address at which the first practice is begun; "" once there is one."""
    from doorframe.apps.members.queries import any_practice
    from doorframe.web import env

    if any_practice():
        settings.setup_code_file.unlink(missing_ok=True)
        return ""
    return env.kept_secret(settings.setup_code_file, length=18)


def _seed(password: str) -> None:
    from django.conf import settings
    from django.utils import timezone
    from django.utils.module_loading import import_string

    from doorframe.apps.members import seed

    now = timezone.now()
    owner, is_new = seed.seed(password=password, at=now)
    for path in settings.DOORFRAME_SEEDS if is_new else []:
        import_string(path)(practice=owner.practice, actor=owner, at=now)
    if is_new:
        _say(f"A fictional practice, {owner.practice.name}, is ready to look around in.")


def _free_port(first: int) -> int | None:
    for port in range(first, first + OTHER_PORTS + 1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    return None


def _run(port: int, address: str, words: list[str], *, jobs: str, open_browser: bool) -> int:
    server = Child("server", _server_command(port))
    worker = Child("worker", [sys.executable, "-m", "doorframe.web.admin_cli", "worker"])
    children = [server, worker] if jobs != "immediate" else [server]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        for child in children:
            child.start()
        if not _wait_until_ready(port, server, stop):
            return 0 if stop.is_set() else 1
        _say("\n".join(words))
        if open_browser:
            webbrowser.open(address)
        return _watch(children, stop)
    finally:
        for child in reversed(children):
            child.stop()
        _say("Doorframe has stopped.")


def _server_command(port: int) -> list[str]:
    # One process with threads: the least memory, and SQLite is happiest with one writer.
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers",
        "--log-level", "warning", "--no-access-log", "doorframe.web.wsgi:application",
    ]  # fmt: skip


def _wait_until_ready(port: int, server: Child, stop: threading.Event) -> bool:
    """Wait for /healthz to say that everything is fine; False, with a sentence, when it does not."""
    said = "it does not answer"
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not stop.is_set():
        if server.has_died():
            said = "the server ended at once"
            break
        said = _health(port)
        if not said:
            return True
        stop.wait(0.1)
    if not stop.is_set():
        print(f"Doorframe did not become ready: {said}.", file=sys.stderr)
    return False


def _health(port: int) -> str:
    """ "" when all is fine, else what is not."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        try:
            found = json.load(error)["checks"]
        except (ValueError, KeyError):
            return f"it answers {error.code}"
        return ", ".join(f"{name}: {check['says']}" for name, check in found.items() if not check["ok"])
    except OSError:
        return "it does not answer"


def _welcome(address: str, password: str, code: str) -> list[str]:
    """What is said once everything runs."""
    words = ["", f"Doorframe is ready: {address}"]
    if password:
        from doorframe.apps.members.queries import any_practice
        from doorframe.apps.members.seed import OWNER_EMAIL

        words.append(f"Sign in to the fictional practice as {OWNER_EMAIL} with the password {password}")
        if not any_practice():
            words.append(f"Begin your own practice: {address}begin/")
    if code:
        words.append(f"There is no practice yet. Begin yours, once, at: {address}begin/?code={code}")
        words.append("Or from the command line: doorframe-admin practice create --help")
    return [*words, "Stop it with Ctrl-C."]


def _watch(children: list[Child], stop: threading.Event) -> int:
    """Until stopped: start again whatever dies; give up on what dies five times in a minute."""
    while not stop.wait(0.5):
        for child in children:
            if not child.has_died():
                continue
            recent = [begun for begun in child.starts if begun > time.monotonic() - 60]
            if len(recent) >= 5:
                print(f"The {child.name} keeps ending; Doorframe gives up.", file=sys.stderr)
                return 1
            _say(f"The {child.name} ended unexpectedly and is started again.")
            child.start()
    return 0


if __name__ == "__main__":
    sys.exit(main())
