"""Every setting a practice may make, as one table; read once, loud when missing or of the wrong kind."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(Exception):
    """A setting is missing or makes no sense; the message is one sentence for whoever set it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `kind` is text, flag, number, folder, file, list, choice, address, database or broker."""

    name: str
    kind: str
    default: str
    help: str
    choices: tuple[str, ...] = ()
    secret: bool = False


TABLE: tuple[Setting, ...] = (
    Setting("DOORFRAME_DATA", "folder", "data", "The folder that holds the database, keys and outgoing files."),
    Setting(
        "DOORFRAME_DATABASE_URL",
        "database",
        "",
        "postgresql://user:password@host:5432/name; empty means the embedded SQLite file in the data folder.",
        secret=True,
    ),
    Setting(
        "DOORFRAME_SECRET_KEY",
        "text",
        "",
        "Signs sessions and links, at least 32 characters; empty means one is made and kept in the data folder.",
        secret=True,
    ),
    Setting(
        "DOORFRAME_FIELD_KEYS",
        "file",
        "",
        "The file with the keys that names and notes are encrypted with; empty means field-keys.json in the data"
        " folder, made at first use.",
    ),
    Setting(
        "DOORFRAME_DEMO",
        "choice",
        "auto",
        "The fictional practice and its sign-in; auto means on if the first start in this data folder made them,"
        " until an owner puts it away.",
        choices=("auto", "on", "off"),
    ),
    Setting("DOORFRAME_HOSTS", "list", "localhost,127.0.0.1,[::1]", "The host names this server answers to."),
    Setting(
        "DOORFRAME_PUBLIC_URL",
        "address",
        "",
        "The address readers use, such as https://policies.example.org; empty means the address of each request.",
    ),
    Setting(
        "DOORFRAME_HTTPS",
        "flag",
        "off",
        "Readers come over TLS: cookies travel only encrypted and browsers are told to insist on it.",
    ),
    Setting(
        "DOORFRAME_BEHIND_PROXY",
        "flag",
        "off",
        "A proxy of your own stands in front and sets X-Forwarded-Proto; leave off when there is none.",
    ),
    Setting(
        "DOORFRAME_JOBS",
        "choice",
        "db",
        "Who does the work that takes time: db, workers that look into the database; immediate, the request itself;"
        " celery, workers that a broker tells at once, on as many machines as you like.",
        choices=("db", "immediate", "celery"),
    ),
    Setting(
        "DOORFRAME_BROKER",
        "broker",
        "",
        "The broker when DOORFRAME_JOBS is celery: redis://:password@host:6379/0 or amqp://user:password@host:5672//,"
        " or rediss:// and amqps:// over TLS. Its messages hold ids and nothing else.",
        secret=True,
    ),
    Setting(
        "DOORFRAME_QUEUE",
        "text",
        "doorframe",
        "The name of the broker's queue; installations that share a broker need different names.",
    ),
    Setting(
        "DOORFRAME_BACKUP_PASSPHRASE",
        "text",
        "",
        "The passphrase of backups that are made by a clock; empty means a file or a person gives it.",
        secret=True,
    ),
    Setting("DOORFRAME_CONTENT", "folder", "", "A practice's own content folder, laid over the one that is built in."),
    Setting(
        "DOORFRAME_EMAIL",
        "choice",
        "file",
        "Where mail goes: file writes it into the data folder's outbox, smtp sends it, none drops it.",
        choices=("file", "smtp", "none"),
    ),
    Setting("DOORFRAME_EMAIL_FROM", "text", "doorframe@localhost", "The sender of every mail."),
    Setting("DOORFRAME_SMTP_HOST", "text", "", "The mail server; needed when DOORFRAME_EMAIL is smtp."),
    Setting("DOORFRAME_SMTP_PORT", "number", "587", "The mail server's port."),
    Setting("DOORFRAME_SMTP_USER", "text", "", "The name to sign in to the mail server with."),
    Setting("DOORFRAME_SMTP_PASSWORD", "text", "", "The password to sign in to the mail server with.", secret=True),
    Setting(
        "DOORFRAME_SMTP_SECURITY",
        "choice",
        "starttls",
        "How the connection to the mail server is protected.",
        choices=("starttls", "tls", "none"),
    ),
    Setting(
        "DOORFRAME_WEBHOOKS_NEAR",
        "flag",
        "off",
        "Messages about events may also go to programs in the practice's own network and on this machine; leave off"
        " where several practices share the server.",
    ),
    Setting(
        "DOORFRAME_POSTS_KEEP_DAYS",
        "number",
        "30",
        "How many days after its last step the text of a post is removed; what was decided, and its hash, stay.",
    ),
    Setting(
        "DOORFRAME_POSTS_TWO_PEOPLE",
        "choice",
        "auto",
        "Whether somebody else than its author approves a post: auto means wherever somebody else may, on always,"
        " off never.",
        choices=("auto", "on", "off"),
    ),
    Setting(
        "DOORFRAME_LOG_LEVEL",
        "choice",
        "INFO",
        "How much is written to the log; at no level does it hold a client's words.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
)

_YES, _NO = {"1", "on", "true", "yes"}, {"0", "off", "false", "no"}
_BROKERS = {"redis", "rediss", "amqp", "amqps"}
_QUEUE = re.compile(r"[A-Za-z0-9._-]{1,80}")
_SCHEMES = {"postgresql": "postgresql", "postgres": "postgresql", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True)
class Env:
    """The settings as read: `env["DOORFRAME_DATA"]` and so on, each of its kind."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def data(self) -> Path:
        """The data folder, as an absolute path."""
        folder: Path = self.values["DOORFRAME_DATA"]
        return folder

    @property
    def demo_password_file(self) -> Path:
        """Holds the demo practice's password; its presence means that this folder began as a demo."""
        return self.data / "demo-password.txt"

    @property
    def has_demo(self) -> bool:
        """Whether there is a fictional practice that may be open, put away or not."""
        choice = self.values["DOORFRAME_DEMO"]
        return self.demo_password_file.exists() if choice == "auto" else choice == "on"

    @property
    def demo_put_away_file(self) -> Path | None:
        """Its presence means that an owner has put the demo away; None where the setting says on or off itself."""
        return self.data / "demo-put-away" if self.values["DOORFRAME_DEMO"] == "auto" else None

    @property
    def is_demo(self) -> bool:
        """Whether the fictional practice may be signed in to."""
        file = self.demo_put_away_file
        return self.has_demo and not (file is not None and file.exists())

    @property
    def field_keys_file(self) -> Path:
        """The keys of encrypted fields."""
        file: Path | None = self.values["DOORFRAME_FIELD_KEYS"]
        return file or self.data / "field-keys.json"

    @property
    def setup_code_file(self) -> Path:
        """Holds the code of the one-time address at which the first practice is begun where there is no demo."""
        return self.data / "setup-code.txt"


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """Read and check the whole table.

    Raises SettingError with one sentence for the first setting that cannot be used.
    """
    values = {setting.name: _value(setting, environ.get(setting.name, setting.default)) for setting in TABLE}
    _check_together(values)
    return Env(values)


def _value(setting: Setting, raw: str) -> Any:
    raw = raw.strip()
    if setting.kind == "flag":
        return _flag(setting, raw)
    if setting.kind == "number":
        return _number(setting, raw)
    if setting.kind == "choice":
        return _choice(setting, raw)
    if setting.kind == "list":
        return [part.strip() for part in raw.split(",") if part.strip()]
    if setting.kind in {"folder", "file"}:
        return Path(raw).expanduser().resolve() if raw else None
    if setting.kind == "address":
        return _address(setting, raw)
    if setting.kind == "database":
        return database(setting.name, raw)
    if setting.kind == "broker":
        return _broker(setting, raw)
    return raw


def _flag(setting: Setting, raw: str) -> bool:
    if raw.lower() in _YES:
        return True
    if raw.lower() in _NO:
        return False
    raise SettingError(f"{setting.name} is “{raw}”; say on or off.")


def _number(setting: Setting, raw: str) -> int:
    if raw.isdecimal():
        return int(raw)
    raise SettingError(f"{setting.name} is “{raw}”; it must be a whole number.")


def _choice(setting: Setting, raw: str) -> str:
    for choice in setting.choices:
        if raw.lower() == choice.lower():
            return choice
    raise SettingError(f"{setting.name} is “{raw}”; it must be one of {', '.join(setting.choices)}.")


def _address(setting: Setting, raw: str) -> str:
    if not raw:
        return ""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingError(f"{setting.name} is “{raw}”; it must be an address such as https://policies.example.org.")
    return raw.rstrip("/")


def _broker(setting: Setting, raw: str) -> str:
    try:
        parts = urlsplit(raw)
        known = parts.scheme in _BROKERS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        known = False
    if raw and not known:
        raise SettingError(f"{setting.name} is not a broker's address; it begins with redis:// or amqp:// and a host.")
    return raw


def database(name: str, raw: str) -> dict[str, Any]:
    """A database address as Django's ENGINE, NAME and so on; {} when empty. Passwords stay out of the errors."""
    if not raw:
        return {}
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"{name} is not a database address; it looks like postgresql://user:…@host/name.") from error
    vendor, path = _SCHEMES.get(parts.scheme), unquote(parts.path[1:])
    if vendor is None or not path:
        raise SettingError(f"{name} must begin with postgresql:// or sqlite:/// and name a database.")
    if vendor == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": path,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(port or ""),
        "OPTIONS": {key: value for key, value in parse_qsl(parts.query) if key != "host"},
    }


def _check_together(values: Mapping[str, Any]) -> None:
    if values["DOORFRAME_JOBS"] == "celery" and not values["DOORFRAME_BROKER"]:
        raise SettingError("DOORFRAME_JOBS is celery, so DOORFRAME_BROKER must name the broker.")
    if not _QUEUE.fullmatch(values["DOORFRAME_QUEUE"]):
        raise SettingError("DOORFRAME_QUEUE must be a name of letters, digits, dots, hyphens and underscores.")
    if values["DOORFRAME_DATA"] is None:
        raise SettingError("DOORFRAME_DATA is empty; it must name a folder.")
    if values["DOORFRAME_EMAIL"] == "smtp" and not values["DOORFRAME_SMTP_HOST"]:
        raise SettingError("DOORFRAME_EMAIL is smtp, so DOORFRAME_SMTP_HOST must name the mail server.")
    if 0 < len(values["DOORFRAME_SECRET_KEY"]) < 32:
        raise SettingError("DOORFRAME_SECRET_KEY is too short; it needs at least 32 characters.")
    if not 1 <= values["DOORFRAME_POSTS_KEEP_DAYS"] <= 3650:
        raise SettingError("DOORFRAME_POSTS_KEEP_DAYS must be a number of days from 1 to 3650.")
    if values["DOORFRAME_CONTENT"] and not values["DOORFRAME_CONTENT"].is_dir():
        raise SettingError(f"DOORFRAME_CONTENT names {values['DOORFRAME_CONTENT']}, which is not a folder.")
    if not values["DOORFRAME_HOSTS"]:
        raise SettingError("DOORFRAME_HOSTS is empty; it must name at least one host.")


def secret_key(env: Env) -> str:
    """The signing key: the one that was set, else the one kept in the data folder, made on first use."""
    if env["DOORFRAME_SECRET_KEY"]:
        return str(env["DOORFRAME_SECRET_KEY"])
    return kept_secret(env.data / "secret.key", length=50)


def kept_secret(path: Path, *, length: int) -> str:
    """The text of a file that only its owner may read, written with fresh randomness if there is none.

    Raises SettingError when the folder cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made complete under another name and then linked, so that two starts at once agree on one secret.
        draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        if not path.exists():
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(length))
            _publish(draft, path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"Doorframe cannot write to {path.parent}: {error.strerror}.") from error


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another start was quicker; its secret counts
    except OSError:
        os.replace(draft, path)  # a file system without links
        return
    draft.unlink()
