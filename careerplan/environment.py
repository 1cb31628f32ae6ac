"""All environment variables: one table, read and checked here before anything starts.

docs/operating/settings.md explains each; a test compares it with this table. The value of a variable can come from a
file instead: SECRET_KEY_FILE names a file with the value of SECRET_KEY.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

from careerplan import environment_values as rules
from careerplan.early_text import _

ROOT = Path(__file__).resolve().parent.parent
YEAR_SECONDS = 31_536_000
SENDING_STATEMENT_SECONDS = 5
"""How long a sender's statement may run: they are small, and the lease has to be longer."""
LEASE_MARGIN_SECONDS = 4
MANUAL = _("docs/operating/settings.md lists every variable. `make run` sets them all.")


@dataclass(frozen=True)
class Variable:
    """A variable: its rule, and the value where it is not set. `is_secret`: no message shows its value."""

    name: str
    rule: rules.Rule
    default: Any = None
    is_required: bool = False
    is_secret: bool = False


def _required(name: str, rule: rules.Rule, *, is_secret: bool = False) -> Variable:
    return Variable(name, rule, is_required=True, is_secret=is_secret)


def _optional(name: str, rule: rules.Rule, default: Any, *, is_secret: bool = False) -> Variable:
    return Variable(name, rule, default, is_secret=is_secret)


VARIABLES = (
    _required("SECRET_KEY", rules.secret, is_secret=True),
    _required("ALLOWED_HOSTS", rules.hosts),
    _required("BASE_URL", rules.base_url),
    _required("DATABASE_URL", rules.database_url, is_secret=True),
    _required("REDIS_URL", rules.redis_url, is_secret=True),
    _required("EMAIL_URL", rules.mail_server, is_secret=True),
    _required("EMAIL_FROM", rules.sender),
    _optional("SECRET_KEY_FALLBACKS", rules.secrets, [], is_secret=True),
    _optional("MFA_ENCRYPTION_KEYS", rules.secrets, [], is_secret=True),
    _optional("TRUSTED_PROXY_COUNT", rules.whole_number(0, 10), 0),
    _optional("METRICS_TOKEN", rules.secret, "", is_secret=True),
    _optional("SENTRY_DSN", rules.sentry_dsn, "", is_secret=True),
    _optional("OIDC_ISSUER", rules.https_url, ""),
    _optional("OIDC_CLIENT_ID", rules.text, ""),
    _optional("OIDC_CLIENT_SECRET", rules.text, "", is_secret=True),
    _optional("OIDC_NAME", rules.text, ""),
    _optional("UNSUBSCRIBE_MAILTO", rules.email_address, ""),
    # Longer than two minutes, and /health/ would call the scheduler late.
    _optional("SCHEDULER_SECONDS", rules.whole_number(1, 120), 20),
    _optional("WEB_PROCESSES", rules.whole_number(1, 64), 2),  # read where granian is started
    # One that waits for the database does not keep the other from answering.
    _optional("WEB_THREADS", rules.whole_number(1, 32), 2),
    _optional("WORKER_PROCESSES", rules.whole_number(1, 64), 2),
    _optional("DOCUMENTS_AT_ONCE", rules.whole_number(1, 64), 1),
    _optional("INVITATIONS_A_DAY", rules.whole_number(1, 100), 5),
    _optional("INVITATIONS_TO_ADDRESS_A_DAY", rules.whole_number(1, 100), 3),
    _optional("REMINDER_LEASE_SECONDS", rules.whole_number(4, 3600), 0),  # 0: computed, see _add_computed
    _optional("EMAIL_ENVELOPE_SENDER", rules.envelope_sender, ""),
    _optional("EMAIL_TIMEOUT_SECONDS", rules.whole_number(1, 120), 10),
    _optional("EMAIL_FINAL_TIMEOUT_SECONDS", rules.whole_number(1, 600), 60),
    _optional("STATEMENT_TIMEOUT_SECONDS", rules.whole_number(0, 3600), 15),
    _optional("PAGE_STATEMENT_TIMEOUT_SECONDS", rules.whole_number(1, 60), 3),
    _optional("STATIC_ROOT", rules.folder, ROOT / "var" / "static"),
    _optional("HSTS_SECONDS", rules.whole_number(0, 2 * YEAR_SECONDS), 3600),
    _optional("HSTS_SUBDOMAINS", rules.yes_or_no, default=False),
    _optional("HSTS_PRELOAD", rules.yes_or_no, default=False),
    _optional("FIRST_OPERATOR", rules.email_address, ""),
    _optional("BACKUP_FOLDER", rules.text, ""),
    _optional("DELETIONS_FILE", rules.text, ""),
    _optional("WORKER_LIFE_FILE", rules.folder, Path(gettempdir()) / "careerplan-worker"),
    _optional("LOCAL_MAIL_DIR", rules.text, ""),
    _optional("LOCAL_MAIL_KEY", rules.hexadecimal, "", is_secret=True),
    _optional("LOG_LEVEL", rules.log_level, rules.log_level("INFO")),
    _optional("LOG_FORMAT", rules.choice("json", "console"), "json"),
)


def read_environment() -> dict[str, Any]:
    """Return the value of each variable by its name. Raises ImproperlyConfigured with a sentence for each problem."""
    env, values, problems = FileAwareEnv(strip_whitespace=True), {}, []
    for variable in VARIABLES:
        try:
            values[variable.name] = _read(env, variable)
        except ValueError as error:
            problems.append(f"{variable.name} {error}.")
    if not problems:
        _add_computed(values)
        problems = list(contradictions(values))
    if problems:
        raise ImproperlyConfigured(" ".join([_("Careerplan cannot start."), *problems, MANUAL]))
    return values


def _add_computed(values: dict[str, Any]) -> None:
    """Fill in what follows from other values, where it is not given.

    LONGEST_EMAIL_SECONDS is how long the email of a claimed digest may take from its start until its outcome is in the
    database. The claim is renewed on the open connection. After that come three commands, the message with its final
    response, and the statement that records the outcome: the database may answer that late (with the second that
    core/postgresql adds).
    """
    sender = parseaddr(values["EMAIL_FROM"])[1]
    values["UNSUBSCRIBE_MAILTO"] = values["UNSUBSCRIBE_MAILTO"] or sender
    values["EMAIL_ENVELOPE_SENDER"] = values["EMAIL_ENVELOPE_SENDER"] or sender
    statement = min(values["STATEMENT_TIMEOUT_SECONDS"] or SENDING_STATEMENT_SECONDS, SENDING_STATEMENT_SECONDS)
    values["SENDING_STATEMENT_SECONDS"] = statement
    longest = 3 * values["EMAIL_TIMEOUT_SECONDS"] + values["EMAIL_FINAL_TIMEOUT_SECONDS"] + statement + 1
    values["LONGEST_EMAIL_SECONDS"] = longest
    values["REMINDER_LEASE_SECONDS"] = values["REMINDER_LEASE_SECONDS"] or longest + LEASE_MARGIN_SECONDS


def _read(env: FileAwareEnv, variable: Variable) -> Any:
    """Return the value of a variable. Raises ValueError with the second half of a sentence."""
    try:
        given = env.str(variable.name, "")
    except ValueError:
        raise ValueError(_("cannot be read from the file that %(name)s_FILE names") % {"name": variable.name}) from None
    if not given.strip():  # compose passes on what .env leaves out as an empty text
        if variable.is_required:
            raise ValueError(_("is missing"))
        return variable.default
    try:
        return variable.rule(given)
    except ValueError as error:
        known = "" if variable.is_secret else _(" (it is %(value)s)") % {"value": given}
        raise ValueError(f"{error}{known}") from None


def contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each pair of values that do not fit together."""
    host = values["BASE_URL"].host
    if not any(_matches(host, allowed) for allowed in values["ALLOWED_HOSTS"]):
        yield _("ALLOWED_HOSTS must have the host of BASE_URL, %(host)s.") % {"host": host}
    issuer, *others = (values[f"OIDC_{name}"] for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME"))
    if any(others) != bool(issuer) or (issuer and not all(others)):
        yield _("Give all of OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME, or none.")
    if values["HSTS_PRELOAD"] and not (values["HSTS_SUBDOMAINS"] and values["HSTS_SECONDS"] >= YEAR_SECONDS):
        yield _("HSTS_PRELOAD needs HSTS_SUBDOMAINS and HSTS_SECONDS of %(n)s or more.") % {"n": YEAR_SECONDS}
    if values["LOCAL_MAIL_DIR"] and not values["LOCAL_MAIL_KEY"]:
        yield _("LOCAL_MAIL_DIR needs a LOCAL_MAIL_KEY of at least 32 hexadecimal digits.")
    least = values["LONGEST_EMAIL_SECONDS"]
    if values["REMINDER_LEASE_SECONDS"] <= least:
        said = _(
            "REMINDER_LEASE_SECONDS must be more than %(n)s: 3 times EMAIL_TIMEOUT_SECONDS, "
            "EMAIL_FINAL_TIMEOUT_SECONDS, and the seconds of one database statement. Leave it out to have it computed."
        )
        yield said % {"n": least}
    if values["SECRET_KEY"] in values["SECRET_KEY_FALLBACKS"]:
        yield _("SECRET_KEY_FALLBACKS has the present SECRET_KEY. Put only earlier keys there.")


def _matches(host: str, allowed: str) -> bool:
    """Return whether an entry of ALLOWED_HOSTS, which may begin with a dot, allows a host, as Django does."""
    host, allowed = host.lower().strip("[]"), allowed.lower().strip("[]")
    return host == allowed or (allowed.startswith(".") and (host == allowed[1:] or host.endswith(allowed)))
