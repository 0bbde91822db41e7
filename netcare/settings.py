"""Settings of netcare, in one file, read from the environment.

Nothing needs to be set on one's own machine: an SQLite database in `var/`, one server process on the loopback
address. What a hospital sets is listed in `docs/production.md`. A wrong or missing value stops the
program with a sentence that names the variable, the value and the remedy; nothing is guessed.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
env = Env()


def _read(kind: str, name: str, default: Any, accepted: str) -> Any:
    """One environment value of the kind ("bool", "int", "list", …), or a sentence that says what is accepted."""
    try:
        return getattr(env, kind)(name, default)
    except EnvError:
        raise ImproperlyConfigured(f"{name} is '{env.str(name)}'. Accepted is {accepted}.") from None


def _database(url: str, name: str) -> dict[str, Any]:
    """A Django database from an address; only SQLite and PostgreSQL are supported and tested."""
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url))
    except (ValueError, KeyError):
        config = {}
    engine = config.get("ENGINE", "")
    if engine == "django.db.backends.sqlite3" and config.get("NAME"):
        return config | SQLITE
    if engine == "django.db.backends.postgresql" and config.get("NAME"):
        return config
    scheme = urlsplit(url).scheme or "nothing"
    raise ImproperlyConfigured(
        f"{name} begins with '{scheme}'. Accepted is sqlite:////absolute/path/of/the.file "
        "or postgresql://role:password@host:5432/database."
    )


def _secret_key(directory: Path) -> str:
    """The key of the embedded default: made once, kept beside the database, readable by its owner alone."""
    path = directory / "secret_key"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as problem:
        raise ImproperlyConfigured(
            f"The data directory {directory} cannot be written ({problem.strerror}). Make it writable, or name "
            "another one in NETCARE_DATA_DIR."
        ) from None
    return path.read_text(encoding="ascii")


# --- Where it runs ------------------------------------------------------------------------------------------------
DATA_DIR = Path(_read("str", "NETCARE_DATA_DIR", str(BASE_DIR / "var"), "a directory"))
DEBUG = _read("bool", "DEBUG", False, "true or false")
ALLOWED_HOSTS = _read("list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], "host names with commas between")
BEYOND_LOOPBACK = any(host not in LOOPBACK for host in ALLOWED_HOSTS)
if DEBUG and BEYOND_LOOPBACK:
    raise ImproperlyConfigured(
        "DEBUG is true while ALLOWED_HOSTS names a host beyond this machine; error pages would show patient data. "
        "Unset DEBUG, or leave only localhost in ALLOWED_HOSTS."
    )

SECRET_KEY = _read("str", "SECRET_KEY", "", "a long random text")
if not SECRET_KEY and BEYOND_LOOPBACK:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set, and ALLOWED_HOSTS names a host beyond this machine. Set it to at least 50 random "
        'characters, the same for every process: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
if SECRET_KEY and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        f"SECRET_KEY has {len(SECRET_KEY)} characters. Accepted is a random text of at least 50: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
SECRET_KEY = SECRET_KEY or _secret_key(DATA_DIR)

# --- Databases ----------------------------------------------------------------------------------------------------
# IMMEDIATE takes the write lock when a transaction begins, so that two writers wait for each other instead of failing
# half-way; recursive triggers make REPLACE fire the delete triggers of append-only tables.
SQLITE: dict[str, Any] = {
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    }
}
DATABASES = {
    "default": _database(
        _read("str", "DATABASE_URL", f"sqlite:///{DATA_DIR / 'netcare.sqlite3'}", "a database address"), "DATABASE_URL"
    )
}
EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
# On PostgreSQL the role of DATABASE_URL owns no table and cannot alter the audit record; migrations run as the owner.
if OWNER_URL := _read("str", "DATABASE_OWNER_URL", "", "a database address"):
    if EMBEDDED:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is set, but DATABASE_URL is an SQLite file, which has no roles. Unset it, or set "
            "DATABASE_URL to a PostgreSQL address."
        )
    DATABASES["owner"] = _database(OWNER_URL, "DATABASE_OWNER_URL")
    DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
if not EMBEDDED and _read("bool", "DATABASE_POOL", True, "true or false"):
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        "pool": {"min_size": 0, "max_size": 10, "timeout": 10}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Background work ----------------------------------------------------------------------------------------------
# Without a broker, `manage.py serve` runs the worker and the scheduler in its own process.
BROKER_URL = _read("str", "CELERY_BROKER_URL", "", "redis://host:6379/0") or _read(
    "str", "REDIS_URL", "", "redis://host:6379/0"
)
if BROKER_URL and urlsplit(BROKER_URL).scheme not in {"redis", "rediss"}:
    raise ImproperlyConfigured(
        f"CELERY_BROKER_URL begins with '{urlsplit(BROKER_URL).scheme}'. Accepted is redis://host:6379/0, or unset."
    )
if BROKER_URL and EMBEDDED:
    raise ImproperlyConfigured(
        "CELERY_BROKER_URL (or REDIS_URL) is set while the database is an SQLite file. Separate workers need "
        "PostgreSQL: set DATABASE_URL to its address, or unset the broker."
    )
CELERY_BROKER_URL = BROKER_URL or "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600} if BROKER_URL else {"polling_interval": 0.1}
# A task runs one lease of a job at most (netcare.jobs.runner); a quarter of the visibility timeout bounds it.
CELERY_TASK_TIME_LIMIT = 900
CELERY_TIMEZONE = "UTC"
# How long a worker that says nothing keeps its job; half of it passes between two sweeps for abandoned jobs.
JOB_LEASE_SECONDS = _read("int", "JOB_LEASE_SECONDS", 60, "a number of seconds, 2 or more")
if JOB_LEASE_SECONDS < 2:
    raise ImproperlyConfigured(f"JOB_LEASE_SECONDS is {JOB_LEASE_SECONDS}. Accepted is 2 or more.")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep jobs": {"task": "netcare.jobs.tasks.sweep", "schedule": JOB_LEASE_SECONDS / 2},
}

# --- Applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "rest_framework",
    "netcare.access",
    "netcare.audit",
    "netcare.jobs",
    "netcare.safety",
    "netcare.server",
    "netcare.demo",
    "patients",
    "pathways",
    "boards",
]
MIDDLEWARE = [
    "netcare.audit.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "netcare.access.middleware.SessionLimitsMiddleware",
    "netcare.access.middleware.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "netcare.urls"
WSGI_APPLICATION = "netcare.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "netcare.access.context.access",
                "django.contrib.messages.context_processors.messages",
                "pathways.context.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["netcare.access.backends.AccountBackend"]
CSRF_FAILURE_VIEW = "netcare.access.refusals.csrf_failure"
# A hospital's session ends after 15 idle minutes; on one's own machine, with invented patients, it lasts a working day.
SESSION_IDLE_MINUTES = _read("int", "SESSION_IDLE_MINUTES", 480 if EMBEDDED else 15, "a number of minutes")
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- The API ------------------------------------------------------------------------------------------------------
# Who acts and what they may do is decided by netcare.access; the framework parses requests and names what it refuses.
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "pathways.api.views.answer_exception",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

# --- Uploads ------------------------------------------------------------------------------------------------------
# A condition of 200 parts sends four fields for each, and one for every value that is ticked.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
FILE_UPLOAD_HANDLERS = [
    "netcare.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Browser security ---------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Bootstrap draws its arrows and ticks as data: images inside its style sheet.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in LOOPBACK]
# A hospital serves over TLS, ended by a proxy that sets this header and strips it from what comes in.
if BEYOND_LOOPBACK:
    _tls_header = _read("str", "TLS_PROXY_HEADER", "", "a header name")
    if not _tls_header:
        raise ImproperlyConfigured(
            "TLS_PROXY_HEADER is not set, and ALLOWED_HOSTS names a host beyond this machine. netcare is served over "
            "TLS only: set it to the header in which the proxy says so, such as X-Forwarded-Proto."
        )
    SECURE_PROXY_SSL_HEADER = ("HTTP_" + _tls_header.upper().replace("-", "_"), "https")
SECURE_SSL_REDIRECT = BEYOND_LOOPBACK
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked by the machine itself, and says nothing but "ok"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if BEYOND_LOOPBACK else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEYOND_LOOPBACK
SECURE_HSTS_PRELOAD = BEYOND_LOOPBACK
SESSION_COOKIE_SECURE = BEYOND_LOOPBACK
CSRF_COOKIE_SECURE = BEYOND_LOOPBACK

# --- Static files, language, time ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "netcare.assets.PackagedAssetsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Compressing takes seconds and gains nothing on one's own machine.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Fonts and source maps are fetched once, or never: compressing them would only make the start slow.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map", "ttf")
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DATE_FORMAT = "j M Y"

# --- Logs: what happened, never to whom ---------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_patient_data": {"()": "netcare.logs.WithoutPatientData"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_patient_data"]},
    },
    "root": {"handlers": ["console"], "level": _read("str", "LOG_LEVEL", "WARNING", "DEBUG, INFO, WARNING or ERROR")},
}
