"""Settings of who may sign in, and how: passwords, allauth, second steps, an OpenID provider. Part of settings.py."""

from careerplan.environment import read_environment

_env = read_environment()
_is_https = _env["BASE_URL"].is_https
OIDC_ISSUER, OIDC_NAME = _env["OIDC_ISSUER"], _env["OIDC_NAME"]
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = _env["OIDC_CLIENT_ID"], _env["OIDC_CLIENT_SECRET"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:today"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False  # its own view reveals known addresses; ours is accounts:restart
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 5
ACCOUNT_LOGIN_TIMEOUT = 3600  # how long an expired code can be replaced by a new one
# The others are allauth's defaults. These limit codes and links per address: emails to people who may not have asked,
# and guesses at a code.
ACCOUNT_RATE_LIMITS = {"confirm_email": "1/10s/key,10/h/key", "reset_password": "20/m/ip,5/h/key"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds since the password or a factor was last given
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _is_https else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = _env["TRUSTED_PROXY_COUNT"]

# Second steps and passkeys (accounts.factors)
MFA_ADAPTER = "accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Careerplan"
MFA_TOTP_TOLERANCE = 1  # a period of 30 seconds before and after
MFA_FORMS = {
    "login_webauthn": "accounts.factors.passkey_forms.SignInPasskeyForm",
    "reauthenticate": "accounts.factors.code_forms.ReauthenticateCodeForm",
    "reauthenticate_webauthn": "accounts.factors.passkey_forms.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.factors.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.factors.passkey_forms.RenamePasskeyForm",
    "activate_totp": "accounts.factors.code_forms.AddAppForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}  # each sign-in takes two requests

# Sign-in at an OpenID Connect provider (accounts.openid); off without OIDC_ISSUER
SOCIALACCOUNT_ADAPTER = "accounts.openid.adapter.OpenIDAccountAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 2  # seconds for each answer of the provider: a thread waits
SOCIALACCOUNT_AUTO_SIGNUP = False  # the form asks for the time zone
SOCIALACCOUNT_FORMS = {"signup": "accounts.openid.forms.OpenIDSignupForm"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.openid.provider.OpenIDProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "openid",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    },
}
