"""Settings of the registry. What differs between machines comes from the environment; see .env.example."""

from pathlib import Path

from csp.constants import NONE, SELF

from config import env, local_services

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("AIR_DATA_DIR", str(BASE_DIR / "var"))).resolve()

# `manage.py up` keeps the addresses and secrets of its own services in the data folder.
LOCAL = local_services.connection_urls(DATA_DIR) or {}
DATABASE_URL = env.text("DATABASE_URL", LOCAL.get("DATABASE_URL", ""))
REDIS_URL = env.text("REDIS_URL", LOCAL.get("REDIS_URL", ""))

DEBUG = env.boolean("AIR_DEBUG", False)
SECRET_KEY = env.secret_key("SECRET_KEY", local_services.secret_key(DATA_DIR), debug=DEBUG)
BASE_URL = env.text("AIR_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.listing("AIR_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listing("AIR_TRUSTED_ORIGINS", [BASE_URL] if BASE_URL.startswith("https") else [])

INSTALLED_APPS = [
    "config",
    "registry",
    "taxonomy",
    "api",
    "config.admin_site.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestIdMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.middleware.BoundedRequestMiddleware",
    "config.middleware.DatabaseFaultMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.HistoryContextMiddleware",
    "registry.web.merged.MergedCaseMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "registry.web.bell.bell",
            ],
            "builtins": ["registry.web.templatetags.registry_ui"],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

# In PostgreSQL, so that the write path and sign-in limits never depend on Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https")
SECURE_SSL_REDIRECT = False  # the proxy in front does this; behind it the registry speaks plain HTTP
SECURE_HSTS_SECONDS = 31536000 if BASE_URL.startswith("https") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("AIR_BEHIND_PROXY", False) else None
# Subdomains and browsers' preload lists are for the proxy's owner to decide, and so is the redirect.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the log form has three for each node of the vocabularies
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("AIR_MAX_BODY_BYTES", 5 * 1024 * 1024)

AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "config.accounts.ClosedAccountAdapter"
ACCOUNT_FORMS = {"login": "config.accounts.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Alignment Incident Registry"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "config.storage.DurableStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "config.static.RegistryStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "attachments"  # served by a view that asks who may see; there is no MEDIA_URL
MAX_FILE_BYTES = env.integer("AIR_MAX_FILE_BYTES", 25 * 1024 * 1024, low=1024, high=1024**3)
FILE_UPLOAD_HANDLERS = [
    "config.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Files of cases that jobs write; never served but through the page that asks who wants them.
EXPORTS_ROOT = DATA_DIR / "exports"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,  # Celery's default sweep took 102 s to give tasks back
}
# Mails have worker processes of their own: a mail server that keeps them waiting must not keep a recompute waiting,
# nor the other way round. A worker that is started without a choice of queues takes both.
CELERY_TASK_QUEUES = {"celery": {}, "mail": {}}
CELERY_TASK_ROUTES = {
    f"registry.{name}": {"queue": "mail"}
    for name in ("plan_digests", "send_due_digests", "send_digest", "mail_notices")
}
CELERY_BEAT_SCHEDULER = "config.beat.SteadyScheduler"
# `expires` a little above the period, so that missed runs do not pile up while the worker is away.
CELERY_BEAT_SCHEDULE = {
    "drain-jobs": {"task": "registry.drain_jobs", "schedule": 3.0, "options": {"expires": 4}},
    "plan-digests": {"task": "registry.plan_digests", "schedule": 120.0, "options": {"expires": 150}},
    "send-digests": {"task": "registry.send_due_digests", "schedule": 30.0, "options": {"expires": 40}},
    "expire-drafts": {"task": "registry.warn_and_expire_drafts", "schedule": 3600.0, "options": {"expires": 3700}},
    "mail-notices": {"task": "registry.mail_notices", "schedule": 60.0, "options": {"expires": 70}},
    "tell-what-is-due": {"task": "registry.tell_what_is_due", "schedule": 900.0, "options": {"expires": 1000}},
    "plan-webhooks": {"task": "registry.plan_webhooks", "schedule": 5.0, "options": {"expires": 6}},
    "send-webhooks": {"task": "registry.send_webhooks", "schedule": 5.0, "options": {"expires": 6}},
    "remove-old-exports": {"task": "registry.remove_old_exports", "schedule": 3600.0, "options": {"expires": 3700}},
    "forget-api-answers": {"task": "api.forget_what_is_over", "schedule": 3600.0, "options": {"expires": 3700}},
}

EMAIL_URL = env.text("EMAIL_URL", "")
globals().update(env.email(EMAIL_URL, fallback_folder=DATA_DIR / "mail"))
DEFAULT_FROM_EMAIL = env.text("AIR_FROM_EMAIL", "Alignment Incident Registry <registry@localhost>")
EMAIL_TIMEOUT = 20
MAIL_AT_ONCE = env.integer("AIR_MAIL_AT_ONCE", 2, low=1, high=100)

CASE_PREFIX = env.text("AIR_CASE_PREFIX", "AIR")
API_REQUESTS_PER_MINUTE = env.integer("AIR_API_REQUESTS_PER_MINUTE", 1200, low=0, high=1_000_000)
PATTERN_RANGES_AT_ONCE = env.integer("AIR_PATTERN_RANGES_AT_ONCE", 8, low=0, high=1_000_000)
DEBT_WEIGHT_NOT_SET = env.number("AIR_DEBT_WEIGHT_NOT_SET", 2.0, low=0, high=1000)

# Webhooks go over HTTPS to the public internet, and wherever the operator says besides.
WEBHOOK_ALLOW_HTTP = env.boolean("AIR_WEBHOOK_ALLOW_HTTP", False)
WEBHOOK_ALLOWED_HOSTS = frozenset(name.lower() for name in env.listing("AIR_WEBHOOK_ALLOWED_HOSTS"))
WEBHOOK_ALLOWED_NETWORKS = env.networks("AIR_WEBHOOK_ALLOWED_NETWORKS")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.TokenAuthentication", "api.auth.BrowserSession"],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.SignedInWithScope"],
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.describing.RouteSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Alignment Incident Registry",
    "DESCRIPTION": "Cases, vocabularies and patterns of AI alignment failures.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_COERCE_PATH_PK_SUFFIX": False,
    "ENUM_NAME_OVERRIDES": {},
    "POSTPROCESSING_HOOKS": [
        "api.describing.rows_may_be_partial",
        "api.describing_all.share",
        "api.describing_document.complete",
    ],
}

# RequestIdMiddleware has checked it.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True

PGHISTORY_APPEND_ONLY = True

LOGGING = env.logging(debug=DEBUG, as_json=env.boolean("AIR_LOG_JSON", False))
