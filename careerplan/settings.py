"""Settings: everything comes from the environment, and production is the default.

No default is unsafe on the internet. The variables and their rules are in careerplan/environment.py; a missing or wrong
one is reported by name before anything starts. `make run` and the tests set their own environment.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from careerplan.environment import read_environment
from careerplan.sign_in_settings import *  # noqa: F403  (settings of signing in)

BASE_DIR = Path(__file__).resolve().parent.parent

env = read_environment()

SECRET_KEY, SECRET_KEY_FALLBACKS = env["SECRET_KEY"], env["SECRET_KEY_FALLBACKS"]
MFA_ENCRYPTION_KEYS = env["MFA_ENCRYPTION_KEYS"]
ALLOWED_HOSTS = env["ALLOWED_HOSTS"]
BASE_URL, BASE_HOST, HTTPS = env["BASE_URL"].url, env["BASE_URL"].host, env["BASE_URL"].is_https
DATABASES = {"default": env["DATABASE_URL"]}
REDIS_URL = env["REDIS_URL"]
DEFAULT_FROM_EMAIL, UNSUBSCRIBE_MAILTO = env["EMAIL_FROM"], env["UNSUBSCRIBE_MAILTO"]
TRUSTED_PROXY_COUNT = env["TRUSTED_PROXY_COUNT"]
METRICS_TOKEN, SENTRY_DSN = env["METRICS_TOKEN"], env["SENTRY_DSN"]
SCHEDULER_SECONDS = env["SCHEDULER_SECONDS"]
WEB_THREADS, CELERY_WORKER_CONCURRENCY = env["WEB_THREADS"], env["WORKER_PROCESSES"]
DOCUMENTS_AT_ONCE = env["DOCUMENTS_AT_ONCE"]
INVITATIONS_A_DAY, INVITATIONS_TO_ADDRESS_A_DAY = env["INVITATIONS_A_DAY"], env["INVITATIONS_TO_ADDRESS_A_DAY"]
REMINDER_LEASE_SECONDS = env["REMINDER_LEASE_SECONDS"]
SENDING_STATEMENT_SECONDS, LONGEST_EMAIL_SECONDS = env["SENDING_STATEMENT_SECONDS"], env["LONGEST_EMAIL_SECONDS"]
EMAIL_ENVELOPE_SENDER = env["EMAIL_ENVELOPE_SENDER"]
EMAIL_TIMEOUT, EMAIL_FINAL_TIMEOUT = env["EMAIL_TIMEOUT_SECONDS"], env["EMAIL_FINAL_TIMEOUT_SECONDS"]
STATEMENT_TIMEOUT_SECONDS = env["STATEMENT_TIMEOUT_SECONDS"]
PAGE_STATEMENT_TIMEOUT_SECONDS = env["PAGE_STATEMENT_TIMEOUT_SECONDS"]
DELETIONS_FILE = env["DELETIONS_FILE"]
FIRST_OPERATOR, BACKUP_FOLDER = env["FIRST_OPERATOR"].lower(), env["BACKUP_FOLDER"]
STATIC_ROOT, WORKER_LIFE_FILE = env["STATIC_ROOT"], env["WORKER_LIFE_FILE"]
LOCAL_MAIL_DIR, LOCAL_MAIL_KEY = env["LOCAL_MAIL_DIR"], env["LOCAL_MAIL_KEY"]

DEBUG = False

# --- Applications ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "careerplan.core.apps.StaticFilesConfig",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "lucide",
    "csp",
    "careerplan.core",
    "careerplan.site_settings",
    "accounts",
    "careerplan.catalogue",
    "careerplan.plans",
    "careerplan.skills",
    "careerplan.explore",
    "careerplan.goals",
    "careerplan.planning",
    "careerplan.opportunities",
    "careerplan.reviews",
    "careerplan.reminders",
    "careerplan.mentoring",
    "careerplan.conversation",
    "careerplan.second_opinion",
    "careerplan.meetings",
    "careerplan.account_data",
    "careerplan.calendar_feed",
    "careerplan.imports",
    "careerplan.plan_document",
    "careerplan.operators",
    "careerplan.operations",
    "careerplan.dashboard",
]
if LOCAL_MAIL_DIR:
    INSTALLED_APPS += ["careerplan.local"]

MIDDLEWARE = [
    "careerplan.core.request_log.RequestLogMiddleware",
    "careerplan.core.http.CompressPagesMiddleware",
    # Outside of all that may answer by itself: redirects to https, refused hosts, static files.
    "careerplan.core.http.SecurityHeadersMiddleware",
    "careerplan.core.robots.RobotsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "careerplan.core.http.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "careerplan.operators.access.OperatorMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.consent.ConsentMiddleware",
    "careerplan.core.http.UserTimeZoneMiddleware",
    "careerplan.core.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReauthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    # After the limit: a visit that it ends is not the return of somebody who was away.
    "careerplan.reminders.activity.ActivityMiddleware",
    "accounts.middleware.CacheUnavailableMiddleware",
    "careerplan.core.post_only.MethodNotAllowedMiddleware",
]

ROOT_URLCONF = "careerplan.urls"
READONLY_RULES = "careerplan.readonly_rules"  # registers the closed tables (core/readonly.py)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["careerplan.core.assets.UnindentedLoader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "careerplan.core.templatetags.careerplan",
                "careerplan.site_settings.templatetags.site",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "emails",
        "DIRS": [BASE_DIR / "templates" / "emails"],
        "OPTIONS": {"environment": "careerplan.core.mail.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database, cache, sessions -----------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES["default"]["ENGINE"] = "careerplan.core.postgresql"
DATABASES["default"].setdefault("OPTIONS", {}).update(
    # A frozen database ends a request or a task instead of blocking it. The web process sets its own, shorter one
    # (asgi.py). Migrations and loaders may take longer: `0` for them.
    statement_seconds=STATEMENT_TIMEOUT_SECONDS,
    # A lost connection (its machine or the network) is noticed within a minute.
    tcp_user_timeout=30_000,  # milliseconds; the others seconds
    keepalives_idle=30,
    keepalives_interval=10,
    keepalives_count=3,
    session={"idle_in_transaction_session_timeout": "30s", "TimeZone": "UTC"},
)
CACHES = {
    "default": {
        "BACKEND": "careerplan.core.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cp",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}
SESSION_ENGINE = "accounts.sessions"  # Django's cached_db, readable while the cache is down
SESSION_COOKIE_AGE = 14 * 24 * 3600  # counted from the last visit
SESSION_ABSOLUTE_AGE = 30 * 24 * 3600  # counted from the sign-in
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
KNOWN_BROWSER_COOKIE_NAME = "known-browser"  # accounts that were signed in in this browser (accounts.attempts)
MENTOR_COOKIE_PREFIX = "mentor-"  # lets a device into one mentorship (careerplan.mentoring.mentor.access)
LAST_USER_COOKIE_NAME = "last-user"  # who signed in last in this browser (careerplan.core.expired_session)
CSRF_FAILURE_VIEW = "careerplan.core.views.csrf_failure"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser"
    LAST_USER_COOKIE_NAME = "__Host-last-user"
    MENTOR_COOKIE_PREFIX = "__Host-mentor-"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    LANGUAGE_COOKIE_SECURE = True

# --- The browser ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env["HSTS_SECONDS"] if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = env["HSTS_SUBDOMAINS"], env["HSTS_PRELOAD"]
# Subdomains and the preload list concern other sites too: only the operator knows.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Our forms have at most a few thousand characters; uploaded files (account data, a CV) do not count.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MAX_UPLOAD_BYTES = 50_000_000
FILE_UPLOAD_HANDLERS = [
    "careerplan.core.http.MaxSizeUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Static files ------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "careerplan.core.assets.StyleSheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "careerplan.core.assets.ManifestStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- Mail -----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "careerplan.core.smtp.EmailBackend"
EMAIL_FUNCTIONS = {"site": "careerplan.site_settings.queries.current_site"}  # what the templates of emails may call
_mail = env["EMAIL_URL"]
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls

# Emails about mentorships, by kind: each takes the row of the email and the time, and returns what it says now, or None
# where there is nothing to say any more (docs/mentoring.md).
MENTORING_EMAILS = {
    "conversation": "careerplan.conversation.emails.digest_email",
    "invitation": "careerplan.mentoring.mentor.emails.invitation_email",
    "ended": "careerplan.mentoring.mentor.emails.ended_email",
    "news": "careerplan.mentoring.owner.emails.news_email",
    "opinion_asked": "careerplan.second_opinion.mentor.emails.opinion_asked",
    "meeting_set": "careerplan.meetings.mentor.emails.meeting_set",
    "meeting_cancelled": "careerplan.meetings.mentor.emails.meeting_cancelled",
    "opinion_sent": "careerplan.second_opinion.owner.emails.opinion_sent",
}
# Asked in turn about an email that came back and is no reminder; each takes its keys and the time, and returns whether
# it is one of theirs.
BOUNCE_HANDLERS = ["careerplan.mentoring.services.bounces.record_bounce_of"]

# --- Language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["careerplan.core.formats"]

# --- Celery: messages only wake workers; the database knows what is due -------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
LONGEST_TASK_SECONDS = 3660  # of the tasks with a limit of their own: backups, and new encryption of all secrets
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_max": 0.5}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "cp.",
    # So that no message is delivered twice while its task still runs. Of a task that was lost with its worker, the
    # rows of the database know, and the next start finds them: nobody waits so long for a message.
    "visibility_timeout": LONGEST_TASK_SECONDS + 60,
    "unacked_restore_limit": 100,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"

# --- Parts of /health/ that apps know from the database; each takes the time and returns a problem, or "" ------------
HEALTH_CHECKS = {
    "sweep": "careerplan.reminders.health.late_scheduler_run",
    "sending": "careerplan.reminders.queries.mail_server.public_mail_problem",
    "backlog": "careerplan.reminders.health.backlog_problem",
}
# More parts of the operator's health page, of the same kind.
OPERATOR_CHECKS = {
    "clear_up": "careerplan.operators.queries.health.clear_up_problem",
    "backups": "careerplan.operations.queries.backup_problem",
}
# Metrics of the whole site for /health/metrics/; each takes the time and returns metrics.
METRICS = ["careerplan.core.mail_counts.metrics", "careerplan.reminders.health.metrics"]
METRICS += ["careerplan.operations.queries.metrics"]

# --- Logs ----------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "careerplan.core.logs.configure"
LOGGING = {"level": env["LOG_LEVEL"], "format": env["LOG_FORMAT"]}
