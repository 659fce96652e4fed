import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

LIMITS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_unset_and_empty_variables_mean_the_default(monkeypatch, raw):
    if raw is None:
        monkeypatch.delenv("AIR_THING", raising=False)
    else:
        monkeypatch.setenv("AIR_THING", raw)

    read = [
        env.text("AIR_THING", "a"),
        env.integer("AIR_THING", 7),
        env.number("AIR_THING", 2.0, low=0, high=9),
        env.boolean("AIR_THING", True),
        env.listing("AIR_THING", ["b"]),
        env.url("AIR_THING", "http://localhost"),
    ]

    assert read == ["a", 7, 2.0, True, ["b"], "http://localhost"]


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        (lambda: env.text("AIR_THING"), " here ", "here"),
        (lambda: env.integer("AIR_THING", 1, low=1, high=9), "9", 9),
        (lambda: env.number("AIR_THING", 2.0, low=0, high=9), "0.5", 0.5),
        (lambda: env.boolean("AIR_THING", False), "Yes", True),
        (lambda: env.boolean("AIR_THING", True), "off", False),
        (lambda: env.listing("AIR_THING"), "a.example, b.example,", ["a.example", "b.example"]),
        (lambda: env.url("AIR_THING"), "https://registry.example/", "https://registry.example/"),
    ],
)
def test_a_variable_is_read(monkeypatch, reader, raw, value):
    monkeypatch.setenv("AIR_THING", raw)

    assert reader() == value


@pytest.mark.parametrize(
    ("reader", "raw", "message"),
    [
        (lambda: env.integer("AIR_THING", 1), "1.5", "AIR_THING is '1.5', but must be a whole number."),
        (
            lambda: env.integer("AIR_THING", 1, low=1, high=9),
            "0",
            "AIR_THING is '0', but must be a whole number from 1 to 9.",
        ),
        (lambda: env.number("AIR_THING", 2.0, low=0, high=9), "two", "AIR_THING is 'two', but must be a number."),
        (
            lambda: env.number("AIR_THING", 2.0, low=0, high=9),
            "nan",
            "AIR_THING is 'nan', but must be a number from 0 to 9.",
        ),
        (
            lambda: env.number("AIR_THING", 2.0, low=0, high=9),
            "-1",
            "AIR_THING is '-1', but must be a number from 0 to 9.",
        ),
        (lambda: env.boolean("AIR_THING", True), "maybe", "AIR_THING is 'maybe', but must be true or false."),
        (
            lambda: env.url("AIR_THING"),
            "registry.example",
            "AIR_THING is 'registry.example', but must be a URL that starts with http:// or https://.",
        ),
        (
            lambda: env.url("AIR_THING"),
            "http://[::1",
            "AIR_THING is 'http://[::1', but must be a URL that starts with http:// or https://.",
        ),
    ],
)
def test_nonsense_is_refused_with_the_name_of_its_variable(monkeypatch, reader, raw, message):
    monkeypatch.setenv("AIR_THING", raw)

    with pytest.raises(ImproperlyConfigured) as refusal:
        reader()

    assert str(refusal.value) == message


def test_database_is_read_by_the_rules_of_libpq():
    described = env.database("DATABASE_URL", "postgresql://ada:p%40ss@/registry?host=/run/a%20b&port=5433")

    assert described == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "registry",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "/run/a b",
        "PORT": "5433",
        "OPTIONS": {"connect_timeout": 3, "options": LIMITS},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def test_database_options_of_the_url_come_last_and_so_win():
    url = "postgresql://ada@db.example/registry?sslmode=verify-full&options=-c%20statement_timeout%3D0"

    described = env.database("DATABASE_URL", url)

    assert described["OPTIONS"] == {
        "connect_timeout": 3,
        "sslmode": "verify-full",
        "options": f"{LIMITS} -c statement_timeout=0",
    }


def test_database_without_a_url_is_a_place_that_says_why_nobody_answers():
    described = env.database("DATABASE_URL", "")

    assert (described["ENGINE"], described["HOST"]) == (
        "django.db.backends.postgresql",
        "/the-registry-is-not-running",
    )


@pytest.mark.parametrize(
    "url",
    ["sqlite:///secret.db", "postgresql://ada:secret@host/registry?nonsense=1", "postgresql://ada:secret@host"],
)
def test_database_refusal_names_the_variable_and_not_the_password(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("DATABASE_URL", url)

    assert "DATABASE_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "starttls", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, "", "", False, False),
        ("smtp+tls://ada:p%40ss@mail.example", "mail.example", 587, "ada", "p@ss", True, False),
        ("smtps://ada:x@mail.example:2465", "mail.example", 2465, "ada", "x", False, True),
    ],
)
def test_email_server_is_read(tmp_path, url, host, port, user, password, starttls, tls):
    settings = env.email(url, fallback_folder=tmp_path)

    assert settings == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
    }


def test_email_without_a_server_becomes_files(tmp_path):
    settings = env.email("", fallback_folder=tmp_path)

    assert settings == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }


@pytest.mark.parametrize("url", ["mail.example:25", "http://secret@mail.example", "smtp://", "smtp://a:secret@b:x"])
def test_email_refusal_names_the_variable_and_not_the_password(tmp_path, url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.email(url, fallback_folder=tmp_path)

    assert "EMAIL_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_secret_key_prefers_the_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "e" * 50)

    assert env.secret_key("SECRET_KEY", "k" * 50, debug=False) == "e" * 50


def test_secret_key_falls_back_to_the_kept_one_and_then_to_none(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")

    assert env.secret_key("SECRET_KEY", "k" * 50, debug=False) == "k" * 50
    assert env.secret_key("SECRET_KEY", None, debug=False) == ""


@pytest.mark.parametrize("known", ["change-me", "short", "django-insecure-" + "x" * 50])
def test_secret_key_that_others_know_is_refused_unless_debugging(monkeypatch, known):
    monkeypatch.setenv("SECRET_KEY", known)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must be a secret of at least 32 random characters"):
        env.secret_key("SECRET_KEY", None, debug=False)

    assert env.secret_key("SECRET_KEY", None, debug=True) == known
