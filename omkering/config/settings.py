"""Settings, read from the environment (twelve-factor); the association folder holds what is one association's own.

Production gives `DATABASE_URL`, `SECRET_KEY` and `ALLOWED_HOSTS`. `omkering demo` and the tests set the
same variables for themselves. `OMKERING_DEMO=1` opens what only the demo has: one-click log-in and the
outbox page.
"""

from pathlib import Path

import pghistory
from csp.constants import NONE, SELF
from environs import Env

from omkering.config.identity_providers import read as read_providers

env = Env()

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.str("OMKERING_VAR", str(ROOT / "var")))

DEMO = env.bool("OMKERING_DEMO", False)
# Plain http is for loopback only: the demo and the tests. `omkering up` refuses it.
INSECURE_HTTP = env.bool("OMKERING_INSECURE_HTTP", False)
ASSOCIATION_FOLDER = Path(env.str("OMKERING_ASSOCIATION", str(ROOT / "associations" / "nl")))

SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS: list[str] = env.list(
    "SECRET_KEY_FALLBACKS", []
)  # older keys, while a new one is brought in
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    # Ours first: our templates and texts go before those of the libraries.
    "omkering.journal",
    "omkering.who",
    "omkering.thread",
    "omkering.ui",
    "omkering.listen",
    "omkering.agenda",
    "omkering.deliberate",
    "omkering.decide",
    "omkering.web",
    "omkering.lab",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "rules",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "omkering.web.middleware.SessionLimitMiddleware",
    "omkering.web.middleware.SecondFactorMiddleware",
    "omkering.web.middleware.JournalOriginMiddleware",
    "omkering.who.reference_date.ReferenceDateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "omkering.config.urls"
ASGI_APPLICATION = "omkering.config.asgi.application"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "omkering.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "omkering.ui.forms.Renderer"

_database = env.dj_db_url("DATABASE_URL", "postgresql://localhost/omkering")
_database["OPTIONS"] = {
    **_database.get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 10), "timeout": 10},
}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "who.Person"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
# A clamd that looks through uploads: host:port or the path of its socket. Unset: files are not scanned.
UPLOAD_SCANNER = env.str("UPLOAD_SCANNER", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- who may come in -------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "omkering.web.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "omkering.web.adapters.SocialAccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end: their hash no longer fits
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail at each change of password or second factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Omkering: "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Behind the lock-out of axes: guesses spread over addresses, and codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/5m/key"}
ACCOUNT_FORMS = {
    "change_password": "omkering.web.login_forms.ChangePasswordForm",
    "login": "omkering.web.login_forms.LoginForm",
    "reset_password": "omkering.web.login_forms.ResetPasswordForm",
    "reset_password_from_key": "omkering.web.login_forms.ResetPasswordKeyForm",
    "set_password": "omkering.web.login_forms.SetPasswordForm",
}
SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action 'self' would block a POST that redirects to the provider
SOCIALACCOUNT_PROVIDERS = {
    "oidc": {"APPS": read_providers(env.str("OIDC_PROVIDERS", ""), insecure_http=INSECURE_HTTP)}
}
MFA_ADAPTER = "omkering.web.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
MFA_FORMS = {
    "activate_totp": "omkering.web.login_forms.ActivateTOTPForm",
    "add_webauthn": "omkering.web.login_forms.AddPasskeyForm",
    "edit_webauthn": "omkering.web.login_forms.EditPasskeyForm",
}
SESSION_COOKIE_AGE = 12 * 3600  # absolute limit
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 3600)
# How many proxies of one's own stand before the server: X-Forwarded-For is believed that far.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "omkering.web.lockout.locked"
AXES_USERNAME_CALLABLE = "omkering.web.lockout.username"
AXES_CLIENT_IP_CALLABLE = "omkering.web.lockout.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Failed log-ins in a quarter of an hour that administrators are told of.
LOGIN_PEAK = env.int("LOGIN_PEAK", 30)
AXES_DISABLE_ACCESS_LOG = True  # the journal tells it, without addresses

# Limits on log-in attempts and used-up codes must hold over all processes, so they are kept in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}

# --- the browser's rules ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if not INSECURE_HTTP:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- mail ------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "omkering.web.outbox.OutboxBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "omkering@localhost")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "omkering.config.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", related_query_name="+")
