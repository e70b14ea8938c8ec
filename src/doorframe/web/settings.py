"""Django's settings, made from the one table in env.py."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from doorframe.web import env as _env

ENV = _env.read()
BASE = Path(__file__).resolve().parent

# --- What this installation is ---------------------------------------------------------------------------------
DATA = ENV.data
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it is nobody else's
CONTENT = ENV["DOORFRAME_CONTENT"]
PUBLIC_URL = ENV["DOORFRAME_PUBLIC_URL"]
# Where start.py serves this installation; letters name it where no public address is set, as in the demo.
SERVED_AT = os.environ.get("DOORFRAME_SERVED_AT", "http://127.0.0.1:8321").rstrip("/")
JOBS_ENGINE = ENV["DOORFRAME_JOBS"]
JOBS_BROKER, JOBS_QUEUE = ENV["DOORFRAME_BROKER"], ENV["DOORFRAME_QUEUE"]
JOBS_BROKER_OPTIONS: dict[str, object] = {}  # told to the broker's transport, for tests
JOBS_SWEEP_SECONDS = 5  # how often a Celery worker looks for work that no message told of
WEBHOOKS_NEAR = ENV["DOORFRAME_WEBHOOKS_NEAR"]
POSTS_KEEP_DAYS = ENV["DOORFRAME_POSTS_KEEP_DAYS"]
POSTS_TWO_PEOPLE = ENV["DOORFRAME_POSTS_TWO_PEOPLE"]
DEMO = ENV.has_demo
DEMO_PUT_AWAY_FILE = ENV.demo_put_away_file
DEMO_PASSWORD_FILE = ENV.demo_password_file
SETUP_CODE_FILE = ENV.setup_code_file
FIELD_KEYS_FILE = ENV.field_keys_file

# --- Rooms: add a room's app, seeds and providers here, nowhere else --------------------------------------------
ROOMS = [
    "doorframe.apps.members",
    "doorframe.apps.trail",
    "doorframe.apps.jobs",
    "doorframe.apps.mail",
    "doorframe.apps.clients",
    "doorframe.apps.signatures",
    "doorframe.apps.authorisations",
    "doorframe.apps.policies",
    "doorframe.apps.accounts",
    "doorframe.apps.posts",
    "doorframe.apps.connections",
]
# Called in order at the first start, each as seed(practice=..., actor=..., at=...), on the fictional practice.
DOORFRAME_SEEDS: list[str] = [
    "doorframe.apps.clients.seed.seed",
    "doorframe.apps.accounts.seed.seed",
    "doorframe.apps.policies.seed.seed",
    "doorframe.apps.authorisations.seed.seed",
    "doorframe.apps.posts.seed.seed",
]
# Called for Today, each as items(member, now=...), giving doorframe.apps.members.today.Item values.
DOORFRAME_TODAY: list[str] = ["doorframe.apps.policies.today.items", "doorframe.apps.accounts.today.items"]
DOORFRAME_TODAY.append("doorframe.apps.signatures.today.items")
DOORFRAME_TODAY.append("doorframe.apps.authorisations.today.items")
DOORFRAME_TODAY.append("doorframe.apps.posts.today.items")
DOORFRAME_TODAY.append("doorframe.apps.mail.today.items")
DOORFRAME_TODAY.append("doorframe.apps.connections.today.items")
# Asked last: what the practice itself and one's own sign-in still want.
DOORFRAME_TODAY.append("doorframe.apps.members.today.items")
# Asked for the practice's account register, as register(practice); "" where no room keeps one.
DOORFRAME_REGISTER = "doorframe.apps.accounts.queries.register"
# Asked the other way round for the accounts that the latest policy names, as accounts(practice); "" for none.
DOORFRAME_NAMED_ACCOUNTS = "doorframe.web.named.accounts"
# Asked for the profession that the latest policy names, as profession(practice); "" where nothing knows it.
DOORFRAME_PROFESSION = "doorframe.web.named.profession"
# Asked by the programming interface to check a draft, as answer(practice, values) giving plain values; "" for none.
DOORFRAME_SCREENING = "doorframe.apps.posts.screening.answer"
# What other rooms say of clients: where each stands, as standing(clients) giving sentences by pk, "" for none; and
# parts of a client's page, each as section(client, member) giving a doorframe.apps.clients.rooms.Section or None.
DOORFRAME_CLIENT_STANDING = "doorframe.apps.signatures.standing.standing"
DOORFRAME_CLIENT_SECTIONS: list[str] = ["doorframe.apps.signatures.standing.section"]
DOORFRAME_CLIENT_SECTIONS.append("doorframe.apps.authorisations.standing.section")
# Asked which posts rest on a permission to tell a story, each as uses(practice, reference), giving
# doorframe.apps.authorisations.uses.Use values.
DOORFRAME_AUTHORISATION_USES: list[str] = ["doorframe.apps.posts.queries.uses"]
# Told of each event as it is written on the trail, inside its transaction, each as heard(event).
DOORFRAME_HEARERS: list[str] = ["doorframe.apps.connections.hearing.heard"]
# What anyone may open without signing in. Everything else asks for a sign-in first.
PUBLIC_PREFIXES = [
    "/me/login/",
    "/me/2fa/authenticate/",
    "/me/2fa/webauthn/login/",
    "/me/password/reset/",
    "/me/confirm-email/",
    "/me/logout/",
    "/me/inactive/",
    "/me/signup/",
    "/static/",
    "/p/",
    "/begin/",
    "/join/",
    "/api/",  # asks for a key of its own
    "/c/",
    "/read/",
    "/in-the-room/",
]
PUBLIC_PATHS = ["/healthz", "/favicon.ico", "/robots.txt"]

# --- Django ------------------------------------------------------------------------------------------------------
SECRET_KEY = _env.secret_key(ENV)
DEBUG = False
ALLOWED_HOSTS = ENV["DOORFRAME_HOSTS"]
ROOT_URLCONF = "doorframe.web.urls"
WSGI_APPLICATION = "doorframe.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "doorframe.web",
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "doorframe.web.headers.PermissionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "doorframe.apps.signatures.middleware.TabletMiddleware",
    "doorframe.apps.members.middleware.MemberMiddleware",
    "doorframe.apps.members.middleware.FormerAddressMiddleware",
    "axes.middleware.AxesMiddleware",
    "doorframe.web.errors.NotAllowedPageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "doorframe.web.context.frame",
            ],
        },
    },
]

# --- Database ----------------------------------------------------------------------------------------------------
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "doorframe.sqlite3",
}
DATABASES = {"default": ENV["DOORFRAME_DATABASE_URL"] or _SQLITE}
if DATABASES["default"]["ENGINE"] == _SQLITE["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A real file, so that threads and a browser test meet the same locking as in life; one for each run.
    DATABASES["default"]["TEST"] = {
        "NAME": os.path.join(tempfile.gettempdir(), f"doorframe-test-{os.getpid()}.sqlite3")
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"},
}

# --- Signing in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "doorframe.apps.members.backends.MemberBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "display_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "doorframe.apps.members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
# One lockout, not two: axes below counts failures for each person, this only slows a flood from one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV["DOORFRAME_HTTPS"] else "http"
# How long a proof lasts before something about signing in may change: as long after the sign-in itself.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "doorframe.apps.members.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Doorframe"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV["DOORFRAME_HTTPS"]
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "doorframe.apps.members.backends.tried_email"
AXES_LOCKOUT_CALLABLE = "doorframe.web.errors.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- What may be sent -------------------------------------------------------------------------------------------
# The audit of a policy takes 2 million pasted letters, and must still be able to say of five times as many that they
# are too many, with the words in their place. No form can have a limit of its own; every other one cuts what it keeps.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A policy that is brought to be audited stays in memory: a file on the disk could outlive the request in a crash.
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024

# --- Cookies, headers --------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV["DOORFRAME_HTTPS"]
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "doorframe.web.errors.form_expired"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_HSTS_SECONDS = 31_536_000 if ENV["DOORFRAME_HTTPS"] else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ENV["DOORFRAME_BEHIND_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # data: for the small pictures inside the style sheet and the authenticator's square code.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Static files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "doorframe.web.static_files.VersionedStorage"},
}
STATIC_ROOT = None  # served from where they are installed; nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Words -------------------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-us", _("English (United States)")), ("en-gb", _("English (United Kingdom)"))]
LOCALE_PATHS = [BASE / "locale"]

# --- Mail --------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "none": "django.core.mail.backends.dummy.EmailBackend",
}[ENV["DOORFRAME_EMAIL"]]
# Only then does an invitation go by mail: its link is written down nowhere else.
SENDS_MAIL = ENV["DOORFRAME_EMAIL"] == "smtp"
EMAIL_FILE_PATH = DATA / "outbox"
EMAIL_HOST, EMAIL_PORT = ENV["DOORFRAME_SMTP_HOST"], ENV["DOORFRAME_SMTP_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV["DOORFRAME_SMTP_USER"], ENV["DOORFRAME_SMTP_PASSWORD"]
EMAIL_USE_TLS = ENV["DOORFRAME_SMTP_SECURITY"] == "starttls"
EMAIL_USE_SSL = ENV["DOORFRAME_SMTP_SECURITY"] == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV["DOORFRAME_EMAIL_FROM"]

# --- Log: what happened and where in the code, never what anyone wrote -------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "doorframe.web.logs.QuietFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": ENV["DOORFRAME_LOG_LEVEL"]},
    "loggers": {
        # Django's own handlers would mail the whole request to administrators.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security": {"handlers": [], "level": "ERROR", "propagate": True},
        # These lines hold e-mail addresses and IP addresses; the tables keep what is needed.
        "axes": {"handlers": [], "level": "ERROR", "propagate": True},
        # Says each message and each try to connect.
        "celery": {"handlers": [], "level": "WARNING", "propagate": True},
        # Says the id of every passkey that was used.
        "fido2": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}
