"""Settings of every process; each name that comes from outside is read by arena.env."""

from urllib.parse import urlunsplit

from csp.constants import NONE, SELF
from django.templatetags.static import static

from arena import env
from arena.local.running import join_running
from arena.log import is_no_readiness_probe, without_clients_traceback

BASE = env.BASE
ARENA_VAR = env.load_files()
join_running(ARENA_VAR)

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
PORT = env.number("PORT", 8000, at_least=1)

# What the arena is told
ARENA_FIELD_KEYS = env.names("ARENA_FIELD_KEYS")
ARENA_ALLOW_LOCAL_PROVIDERS = env.flag("ARENA_ALLOW_LOCAL_PROVIDERS", default=False)
ARENA_READY_BATTLES = env.number("ARENA_READY_BATTLES", 50, at_least=1)
ARENA_IMPORTED_SHARE = env.share("ARENA_IMPORTED_SHARE", 0.5)
ARENA_CONTROL_SHARE = env.share("ARENA_CONTROL_SHARE", 0.02)
ARENA_REPEAT_SHARE = env.share("ARENA_REPEAT_SHARE", 0.02)
ARENA_DUMP_HOLD_DAYS = env.number("ARENA_DUMP_HOLD_DAYS", 30)
ARENA_UNDO_SECONDS = env.number("ARENA_UNDO_SECONDS", 8)
ARENA_RESERVATION_SECONDS = env.number("ARENA_RESERVATION_SECONDS", 900, at_least=1)
ARENA_SESSION_LENGTH = env.number("ARENA_SESSION_LENGTH", 10, at_least=1)
ARENA_LEASE_SECONDS = env.number("ARENA_LEASE_SECONDS", 20, at_least=1)
ARENA_LEASE_RENEW_SECONDS = env.number("ARENA_LEASE_RENEW_SECONDS", 5, at_least=1)
ARENA_FETCH_SLOTS = env.number("ARENA_FETCH_SLOTS", 64, at_least=1)
ARENA_POOL_JUDGEMENTS = env.number("ARENA_POOL_JUDGEMENTS", 3, at_least=1)
ARENA_LIVE_TURNS = env.number("ARENA_LIVE_TURNS", 5, at_least=1)
ARENA_LIVE_PACED = env.flag("ARENA_LIVE_PACED", default=True)
ARENA_LIVE_TOKENS_PER_SECOND = env.number(
    "ARENA_LIVE_TOKENS_PER_SECOND", 30, at_least=1
)
ARENA_LIVE_START_MS = env.number("ARENA_LIVE_START_MS", 1500)
ARENA_LIVE_TICK_MS = env.number("ARENA_LIVE_TICK_MS", 240, at_least=20)
ARENA_LIVE_LEASE_SECONDS = env.number("ARENA_LIVE_LEASE_SECONDS", 10, at_least=2)
ARENA_LIVE_SLOTS = env.number("ARENA_LIVE_SLOTS", 250, at_least=1)
ARENA_LIVE_CALLS = env.number("ARENA_LIVE_CALLS", 400, at_least=2)
ARENA_LIVE_MESSAGES_PER_MINUTE = env.number(
    "ARENA_LIVE_MESSAGES_PER_MINUTE", 10, at_least=1
)
ARENA_LIVE_IDLE_SECONDS = env.number("ARENA_LIVE_IDLE_SECONDS", 1800, at_least=1)
ARENA_LIVE_SOCKET_IDLE_SECONDS = env.number(
    "ARENA_LIVE_SOCKET_IDLE_SECONDS", 120, at_least=1
)
ARENA_FRAGILE_VOTES = env.number("ARENA_FRAGILE_VOTES", 10)
ARENA_UNIFORM_SHARE = env.share("ARENA_UNIFORM_SHARE", 0.1)
ARENA_GUARANTEED_SHARE = env.share("ARENA_GUARANTEED_SHARE", 0.3)
ARENA_NEWCOMER_ERROR = env.number("ARENA_NEWCOMER_ERROR", 15, at_least=1)
ARENA_CATEGORY_SHARES = env.shares("ARENA_CATEGORY_SHARES")
ARENA_LANGUAGE_SHARES = env.shares("ARENA_LANGUAGE_SHARES")
ARENA_SHARED_BATTLES = env.share("ARENA_SHARED_BATTLES", 0.1)
ARENA_SHARED_JUDGEMENTS = env.number("ARENA_SHARED_JUDGEMENTS", 3, at_least=1)
ARENA_SUGGESTIONS_PER_DAY = env.number("ARENA_SUGGESTIONS_PER_DAY", 10)
ARENA_EMBEDDINGS = env.text("ARENA_EMBEDDINGS", "")
ARENA_EMBEDDINGS_MODEL = env.text("ARENA_EMBEDDINGS_MODEL", "nomic-embed-text")
ARENA_EMBEDDINGS_KEY = env.text("ARENA_EMBEDDINGS_KEY", "")
ARENA_EMBEDDINGS_SIMILARITY = env.share("ARENA_EMBEDDINGS_SIMILARITY", 0.92)
ARENA_PROMPT_CHARS = env.number("ARENA_PROMPT_CHARS", 32_000, at_least=1)
ARENA_ANSWER_BYTES = env.number("ARENA_ANSWER_BYTES", 64_000, at_least=1)
ARENA_IMPORT_MEGABYTES = env.number("ARENA_IMPORT_MEGABYTES", 64, at_least=1)
ARENA_CODE_VERSION = env.text("ARENA_CODE_VERSION", env.code_version())
ARENA_CONTACT = env.text("ARENA_CONTACT", "")
ARENA_MAX_INFLIGHT = env.number("ARENA_MAX_INFLIGHT", 24, at_least=1)
ARENA_SECURE = env.flag("ARENA_SECURE", default=not DEBUG)
WEB_PROCESSES = env.number("WEB_PROCESSES", 1, at_least=1)
WEB_THREADS = env.number("WEB_THREADS", 8, at_least=1)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # before the admin, whose templates it replaces
    "arena.apps.ArenaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "ninja",
    "channels",
    "arena",
    "evaluations",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "evaluations.middleware.OnlyToLookAt",
    "evaluations.middleware.DatabaseAway",
]
ROOT_URLCONF = "arena.urls"
ASGI_APPLICATION = "arena.asgi.application"
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
                "evaluations.views.simulated.simulation",
            ],
        },
    },
]

# PostgreSQL holds the truth; nothing in the web waits longer than the timeouts.
DB_POOL = env.number("DB_POOL", 24)
DB_STATEMENT_SECONDS = env.number("DB_STATEMENT_SECONDS", 0)
DATABASES = {
    "default": env.database(
        "DATABASE_URL", pool=DB_POOL, statement_seconds=DB_STATEMENT_SECONDS
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis carries what can be lost: broker and events on 0, cache on 1.
REDIS_URL = urlunsplit(env.url("REDIS_URL", "redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_database(REDIS_URL, 1),
        # Two databases of one server may share the cache, but nothing in it.
        "KEY_PREFIX": env.text("ARENA_DATABASE", ""),
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 2},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_ROUTES = {
    "evaluations.fetch_answers": {"queue": "fetch"},
    "evaluations.test_contestant": {"queue": "fetch"},
    "evaluations.stream_turn": {"queue": "live"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5  # on SIGQUIT; SIGTERM waits for every task
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Redelivery by the broker is the last resort: the lease in the database is quicker.
    "visibility_timeout": 600,
    # A page that enqueues must not hang when Redis is away.
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TIMEZONE = "UTC"
# In memory: every task asks the database what is due, and a file could be torn.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
# An old beat is worth nothing when the next one is due, hence the expiry.
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"evaluations.{name}", "schedule": s, "options": {"expires": s * 3}}
    for name, s in {
        "sweep_answers": 10.0,
        "fill_queue": 10.0,
        "settle_votes": 2.0,
        "sweep_live": 3.0,
        "publish_leaderboard": 3.0,
        "publish_slices": 30.0,
        "refine_leaderboards": 60.0,
        "beat_heart": 10.0,
        "thin_leaderboards": 600.0,
        "build_due_dump": 3600.0,
        "audit": 60.0,
        "make_studies": 60.0,
        "group_prompts": 30.0,
        "sweep_imports": 60.0,
        "advance_runs": 2.0,
    }.items()
}

# From the brand colour of static/css/tokens.css (600) to lighter and darker.
BRAND_SHADES = {
    "50": "#effaf7",
    "100": "#d7f2eb",
    "200": "#b0e4d8",
    "300": "#7fd0c0",
    "400": "#5fd3bf",
    "500": "#2fae9b",
    "600": "#0b6257",
    "700": "#0a544b",
    "800": "#09443d",
    "900": "#083832",
    "950": "#041f1c",
}
UNFOLD = {
    "SITE_TITLE": "Open Arena",
    "SITE_HEADER": "Open Arena",
    "SITE_URL": "/",
    "SITE_SYMBOL": "balance",
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "evaluations.admin.dashboard.figures",
    "ENVIRONMENT": "evaluations.admin.dashboard.environment",
    "SIDEBAR": {"navigation": "evaluations.admin.menu.groups"},
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("favicon.svg"),
        }
    ],
    "COLORS": {"primary": BRAND_SHADES},
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "STYLES": [lambda request: static("css/admin.css")],
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
STATIC_ROOT = ARENA_VAR / "static"
ARENA_STATIC_HASHES = env.flag("ARENA_STATIC_HASHES", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "arena.static_storage.HashedStaticFiles"
        if ARENA_STATIC_HASHES
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not ARENA_STATIC_HASHES
WHITENOISE_AUTOREFRESH = not ARENA_STATIC_HASHES

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

# The panel's form, opened at its own address, does not say where to go afterwards.
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_SECURE = ARENA_SECURE
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SECURE = ARENA_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "evaluations.views.errors.csrf_failure"
# Behind a proxy that ends TLS only its header tells what the visitor used.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https")
    if env.flag("ARENA_BEHIND_PROXY", default=False)
    else None
)
SECURE_SSL_REDIRECT = ARENA_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ARENA_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ARENA_SECURE
SECURE_HSTS_PRELOAD = ARENA_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "arena.log.UtcFormatter",
            "format": "{asctime}Z {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {
        "no_probes": {
            "()": "django.utils.log.CallbackFilter",
            "callback": is_no_readiness_probe,
        },
        "no_clients_traceback": {
            "()": "django.utils.log.CallbackFilter",
            "callback": without_clients_traceback,
        },
    },
    "loggers": {"uvicorn.error": {"filters": ["no_clients_traceback"]}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_probes"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
}
