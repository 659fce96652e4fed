"""Reads settings from the environment and refuses nonsense, naming the variable that holds it."""

import ipaddress
import os
from urllib.parse import unquote, urlsplit

import psycopg
import structlog
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
KNOWN_KEYS = {"change-me", "changeme", "secret", "replace-me-with-50-random-characters"}
NOWHERE = "postgresql://air_app@/registry?host=/the-registry-is-not-running"
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}

# A request that waits longer than this has already lost its reader; long work is a job.
SESSION_LIMITS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"


def text(name, default=""):
    """The variable without surrounding blanks; unset and empty both mean `default`."""
    return os.environ.get(name, "").strip() or default


def integer(name, default, *, low=None, high=None):
    """A whole number between `low` and `high`, both included."""
    raw = text(name)
    if not raw:
        return default
    try:
        number = int(raw)
    except ValueError:
        raise refused(name, raw, "a whole number") from None
    if (low is not None and number < low) or (high is not None and number > high):
        raise refused(name, raw, f"a whole number from {low} to {high}")
    return number


def number(name, default, *, low, high):
    """A number between `low` and `high`, both included, with a point before its decimals."""
    raw = text(name)
    try:
        found = float(raw) if raw else default
    except ValueError:
        raise refused(name, raw, "a number") from None
    # What is not a number is not between two either.
    if not low <= found <= high:
        raise refused(name, raw, f"a number from {low} to {high}")
    return found


def boolean(name, default):
    """`true` or `false`; also 1/0, yes/no, on/off in any case."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in YES | NO:
        raise refused(name, raw, "true or false")
    return raw in YES


def listing(name, default=()):
    """Values between commas, blanks trimmed, empty ones dropped."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or list(default)


def networks(name):
    """Networks between commas, such as 10.1.0.0/16."""
    try:
        return [ipaddress.ip_network(network) for network in listing(name)]
    except ValueError:
        raise refused(name, os.environ[name], "networks between commas, for example 10.1.0.0/16") from None


def url(name, default="", *, schemes=("http", "https")):
    """A URL with one of `schemes` and a host, as it was written."""
    raw = text(name, default)
    if raw and not is_url(raw, schemes):
        raise refused(name, raw, "a URL that starts with " + " or ".join(f"{s}://" for s in schemes))
    return raw


def is_url(raw, schemes):
    try:
        parts = urlsplit(raw)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc)


def refused(name, raw, wanted):
    return ImproperlyConfigured(f"{name} is {raw!r}, but must be {wanted}.")


def secret_key(name, kept, *, debug):
    """The signing key: the variable, else the one `kept` in the data folder, else none at all.

    Without one, Django refuses at the first signature, so `help` and `check` still answer.
    """
    key = text(name, kept or "")
    known = key.startswith("django-insecure-") or key.lower() in KNOWN_KEYS
    if key and not debug and (known or len(key) < 32):
        raise ImproperlyConfigured(
            f"{name} must be a secret of at least 32 random characters; make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return key


def database(name, raw):
    """Django's description of the PostgreSQL database at `raw`, read by libpq's own rules.

    A socket is given as `?host=/folder`; any other libpq parameter passes through, and `options`
    of the URL come after ours, so they win. The error names the variable, never the password.
    Nothing given means a place where nobody answers: commands that only need to know the kind of
    database, such as makemigrations, work, and the error of the others says what is wrong.
    """
    raw = raw or NOWHERE
    if not raw.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{name} must start with postgresql:// (PostgreSQL is the only database).")
    try:
        given = conninfo_to_dict(raw)
    except psycopg.ProgrammingError:
        raise ImproperlyConfigured(
            f"{name} is not a URL that PostgreSQL understands; signs like @ : / in a password are written %40 %3A %2F."
        ) from None
    if not given.get("dbname"):
        raise ImproperlyConfigured(f"{name} names no database: postgresql://user:password@host/DATABASE")
    named = {key: str(given.pop(key, "")) for key in ("dbname", "user", "password", "host", "port")}
    given["options"] = f"{SESSION_LIMITS} {given.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": named["dbname"],
        "USER": named["user"],
        "PASSWORD": named["password"],
        "HOST": named["host"],
        "PORT": named["port"],
        "OPTIONS": {"connect_timeout": 3, **given},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def email(raw, *, fallback_folder, name="EMAIL_URL"):
    """Django's EMAIL_ settings for `smtp://` (plain), `smtp+tls://` (STARTTLS) or `smtps://` (TLS).

    Nothing given means that mails become files in `fallback_folder`. The error names the variable,
    never the password.
    """
    if not raw:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(fallback_folder)}
    try:
        parts = urlsplit(raw)
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        parts = None
    if parts is None or parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} must look like smtp://host:25, smtp+tls://user:password@host:587 "
            "or smtps://user:password@host:465."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def drop_noise(logger, method, event):
    """One line a request is enough to read, the one that says how it ended; none for a good health check."""
    healthy = event.get("request") == "GET /healthz" and event.get("code") == 200
    if event.get("event") == "request_started" or healthy:
        raise structlog.DropEvent
    return event


def logging(*, debug, as_json):
    """Django's LOGGING, and structlog told to use it: JSON for machines, short lines for people."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                drop_noise,
                *shared,
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            cache_logger_on_first_use=True,
        )
    people = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    machines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(machines if as_json else [people]),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django_structlog": {"level": "INFO"},
            "celery.apps.worker": {"level": "INFO"},
            "registry": {"level": "INFO"},
            "api": {"level": "INFO"},
        },
    }
