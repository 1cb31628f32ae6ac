"""The checks of `manage.py doctor`: each finds out one thing, and says how to mend it."""

import json
import os
import shutil
import smtplib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import checks
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis import RedisError

from accounts.factors.encryption import decrypt, is_newest
from accounts.factors.services import secrets
from accounts.models import User
from careerplan.core.cache import redis_client
from careerplan.core.mail import absolute_url, build_email
from careerplan.core.sentences import join_list
from careerplan.core.time_zones import zone_data_version
from careerplan.core.version import version
from careerplan.operations.diagnosis import Diagnosis
from careerplan.operations.queries import backup_problem, last_made
from careerplan.operations.site_check import check_site
from careerplan.reminders.models import SchedulerRun

OLDEST_POSTGRESQL = 150_000
EXTENSIONS = {"pg_trgm", "btree_gist"}
FREE_BYTES = 200_000_000
CLOCK_SECONDS = 2.0
PROVIDER_SECONDS = 5.0

Check = Callable[[], Iterator[Diagnosis]]


def check_settings() -> Iterator[Diagnosis]:
    """The environment was read before this ran; these are the warnings of `check`, with https of `check --deploy`."""
    found = checks.run_checks(include_deployment_checks=settings.HTTPS)
    warnings = [warning for warning in found if not warning.is_silenced()]
    for warning in warnings:
        yield Diagnosis(
            "settings", warning.msg, warning.hint or _("See %(id)s in Django's manual.") % {"id": warning.id}
        )
    if not warnings:
        yield Diagnosis("settings", _("every variable makes sense, version %(version)s") % {"version": version()})
    if not settings.METRICS_TOKEN:
        advice = _("Set METRICS_TOKEN to watch the site with Prometheus.")
        yield Diagnosis("settings", _("there are no metrics"), advice=advice)


def check_server() -> Iterator[Diagnosis]:
    """Version of PostgreSQL, what it logs, and the clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " extract(epoch FROM clock_timestamp())::float8"
        )
        number, name, at = cursor.fetchone()
    apart = abs(at - time.time())
    yield Diagnosis(
        "database", f"PostgreSQL {name}", "" if number >= OLDEST_POSTGRESQL else _("Upgrade it to 15 or newer.")
    )
    for warning in checks.run_checks(tags=[checks.Tags.database], databases=["default"]):
        yield Diagnosis("database", warning.msg, warning.hint or "")
    mend = "" if apart < CLOCK_SECONDS else _("Set the clocks of both machines by NTP.")
    yield Diagnosis("clock", _("%(seconds)s s from that of the database") % {"seconds": f"{apart:.1f}"}, mend)


def check_tables() -> Iterator[Diagnosis]:
    """Migrations and extensions."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        found = ngettext("%(n)s migration is not applied", "%(n)s migrations are not applied", len(plan))
        yield Diagnosis("database", found % {"n": len(plan)}, _("Run manage.py migrate as the owner."))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {row[0] for row in cursor.fetchall()}
    if missing:
        found = _("extensions are missing: %(names)s") % {"names": join_list(sorted(missing))}
        yield Diagnosis("database", found, _("Run manage.py migrate as the owner."))
    else:
        yield Diagnosis("database", _("tables and extensions are there"))


RIGHTS = """
WITH here AS (
    SELECT me.oid AS me, c.relowner = me.oid AS is_owner, c.relacl AS rights
    FROM pg_class c, pg_roles me WHERE c.oid = to_regclass('public.goals_goal') AND me.rolname = current_user
)
SELECT current_user, is_owner, r.rolname, (
    SELECT count(*) FROM pg_class t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS need
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND t.relname <> 'django_migrations'
    AND NOT has_table_privilege(r.oid, t.oid, need))
FROM here LEFT JOIN pg_roles r ON CASE WHEN is_owner
    THEN r.oid <> me AND r.oid IN (SELECT grantee FROM aclexplode(rights) WHERE privilege_type = 'INSERT')
    ELSE r.oid = me END
ORDER BY r.rolname
"""


def check_rights() -> Iterator[Diagnosis]:
    """Whether this role owns the tables, and whether the one of web, worker and beat may write all of them."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        found = cursor.fetchall()
    if not found:
        yield Diagnosis("role", _("there are no tables yet"), _("Run manage.py migrate as the owner."))
        return
    role, is_owner = found[0][:2]
    if is_owner:
        said = _("%(role)s owns the tables: right for migrations, not for web, worker and beat") % {"role": role}
        is_alone = found[0][2] is None
        advice = _("Run manage.py grant_rights with the role of web, worker and beat.") if is_alone else ""
        yield Diagnosis("role", said, advice=advice)
    for _role, _is_owner, writer, missing in found:
        if missing:
            mend = _("Run manage.py grant_rights %(role)s as the owner.") % {"role": writer}
            yield Diagnosis("role", _("%(role)s may not write all tables") % {"role": writer}, mend)
        elif writer is not None:
            yield Diagnosis("role", _("%(role)s reads and writes rows, and owns nothing") % {"role": writer})


def check_redis() -> Iterator[Diagnosis]:
    """Whether Redis answers, and keeps what it is given."""
    try:
        client = redis_client()
        kept = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
        name = client.info("server").get("redis_version", "")
    except RedisError as error:
        yield Diagnosis("redis", type(error).__name__, _("Start Redis, or correct REDIS_URL."))
        return
    is_safe = kept in {"noeviction", ""}
    if is_safe:
        yield Diagnosis("redis", _("answers, version %(version)s") % {"version": name})
        return
    found = _("answers, version %(version)s, maxmemory-policy %(policy)s") % {"version": name, "policy": kept}
    yield Diagnosis("redis", found, _("Set maxmemory-policy noeviction: else tasks and sessions can be lost."))


def check_mail() -> Iterator[Diagnosis]:
    """Whether the mail server lets us in."""
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as server:
            if settings.EMAIL_USE_TLS:
                server.starttls()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            server.noop()
    except smtplib.SMTPAuthenticationError:
        found = _("%(server)s refuses user or password") % {"server": where}
        yield Diagnosis("mail", found, _("Correct EMAIL_URL, special characters as their code, such as %40 for @."))
        return
    except (smtplib.SMTPException, OSError) as error:
        yield Diagnosis(
            "mail", f"{where}: {type(error).__name__}", _("Correct EMAIL_URL, or open the way to the port.")
        )
        return
    yield Diagnosis("mail", _("%(server)s lets us in") % {"server": where})


def send_test_mail(to: str) -> Diagnosis:
    """Send an email to an address of the operator."""
    try:
        build_email("test_mail", to=to, context={}).send()
    except (smtplib.SMTPException, OSError) as error:
        mend = _("Let the mail server take emails from EMAIL_FROM, and see its log.")
        return Diagnosis("mail", (_("the test email was refused: %(error)s") % {"error": error})[:200], mend)
    found = _("the test email was taken. Look at it: is it in the inbox and not in spam at %(address)s?")
    return Diagnosis("mail", found % {"address": to})


def check_openid() -> Iterator[Diagnosis]:
    """Whether the OpenID provider answers and is the one that is set."""
    if not settings.OIDC_ISSUER:
        return
    place = f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration"
    try:
        with urlopen(place, timeout=PROVIDER_SECONDS) as answer:  # noqa: S310  (the operator's own address)
            issuer = json.load(answer).get("issuer", "")
    except (OSError, ValueError, AttributeError) as error:  # no answer, no JSON, no object
        yield Diagnosis("openid", f"{place}: {error}", _("Correct OIDC_ISSUER, or open the way to it."))
        return
    mend = "" if issuer == settings.OIDC_ISSUER else _("Set OIDC_ISSUER=%(issuer)s.") % {"issuer": issuer}
    back = absolute_url(reverse("openid_connect_callback"))
    found = _("%(issuer)s answers, and has to know the redirect address %(address)s")
    yield Diagnosis("openid", found % {"issuer": issuer, "address": back}, mend)


def check_zones() -> Iterator[Diagnosis]:
    """Which data decide about time zones."""
    last = SchedulerRun.objects.values_list("zone_data", flat=True).first() or ""
    ours = zone_data_version()
    mend = _("Update the tzdata package: another process uses newer data.") if last > ours else ""
    found = _("tzdata %(ours)s, the last run used %(last)s") if last not in {"", ours} else "tzdata %(ours)s"
    yield Diagnosis("time zones", found % {"ours": ours, "last": last}, mend)


def check_disk() -> Iterator[Diagnosis]:
    """Room for temporary files, and static files."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    mend = "" if free > FREE_BYTES else _("Free some space: exports and uploads need it.")
    room = {"size": free // 1_000_000, "folder": tempfile.gettempdir()}
    yield Diagnosis("disk", _("%(size)s MB free in %(folder)s") % room, mend)
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    place = {"folder": settings.STATIC_ROOT}
    if manifest.exists():
        yield Diagnosis("static files", _("in %(folder)s") % place)
    else:
        yield Diagnosis("static files", _("not in %(folder)s") % place, _("Run manage.py collectstatic."))


def check_deletions() -> Iterator[Diagnosis]:
    """Whether deleted accounts are noted beside the backups. Workers and commands do, web has no such folder."""
    file = settings.DELETIONS_FILE
    if not file:
        advice = _("Set DELETIONS_FILE to a file beside the backups.")
        yield Diagnosis("deletions", _("a restore brings deleted accounts back"), advice=advice)
    elif not os.access(file if Path(file).exists() else Path(file).parent, os.W_OK):
        yield Diagnosis(
            "deletions", _("%(file)s cannot be written") % {"file": file}, _("Let the user of the worker write it.")
        )


def check_keys() -> Iterator[Diagnosis]:
    """Whether the secrets of second steps can be decrypted."""
    earlier = [secret for _pk, secret in secrets() if not is_newest(secret)]
    if lost := sum(not _opens(secret) for secret in earlier):
        found = ngettext(
            "%(n)s secret of a second step fits no key", "%(n)s secrets of second steps fit no key", lost
        ) % {"n": lost}
        yield Diagnosis("keys", found, _("Put the earlier key into SECRET_KEY_FALLBACKS or MFA_ENCRYPTION_KEYS."))
    else:
        yield Diagnosis("keys", _("all secrets can be read"))
    if old := len(earlier):
        found = ngettext(
            "%(n)s secret of a second step uses an earlier key", "%(n)s secrets of second steps use an earlier key", old
        )
        advice = _("Keep that key until the secrets use the newest one. See Operator > Server, or reencrypt_factors.")
        yield Diagnosis("keys", found % {"n": old}, advice=advice)


def count_old_secrets() -> int:
    """Return how many secrets of second steps are not encrypted with the newest key."""
    return sum(not is_newest(secret) for _pk, secret in secrets())


def check_backups() -> Iterator[Diagnosis]:
    """When the last backup was made."""
    problem, made = backup_problem(timezone.now()), last_made()
    if problem:
        yield Diagnosis("backups", problem, _("See Operator > Server, or run manage.py backup."))
    elif made is None:
        yield Diagnosis(
            "backups", _("none was made yet"), advice=_("Make one at Operator > Server, and one each night.")
        )
    else:
        yield Diagnosis("backups", _("the newest backup is %(name)s") % {"name": made.name})


def check_operators() -> Iterator[Diagnosis]:
    """Whether somebody can open the operator's pages."""
    count = User.objects.filter(is_staff=True, is_active=True).count()
    if count:
        found = ngettext("%(n)s can open the operator's pages", "%(n)s can open the operator's pages", count)
        yield Diagnosis("operators", found % {"n": count})
    else:
        advice = _("Set FIRST_OPERATOR, or run manage.py people operator ADDRESS.")
        yield Diagnosis("operators", _("there are none"), advice=advice)


def _opens(secret: str) -> bool:
    try:
        decrypt(secret)
    except InvalidToken:
        return False
    return True


BEFORE_START: tuple[Check, ...] = (
    *(check_settings, check_server, check_redis, check_mail, check_disk, check_deletions),
)
"""What can be checked while nothing runs and there are no tables yet."""
IN_DATABASE: tuple[Check, ...] = (check_tables, check_rights, check_zones, check_keys, check_operators, check_backups)
ON_PAGE: tuple[Check, ...] = (check_settings, check_server, check_redis, check_disk, *IN_DATABASE)
"""What the operator's page shows: without what takes seconds, and without the site, which would ask itself."""
ALL: tuple[Check, ...] = (*BEFORE_START, *IN_DATABASE, check_openid, check_site)


def examine(checks_to_run: tuple[Check, ...], report: Callable[[Diagnosis], None]) -> None:
    """Run checks, one after the other; one that cannot be done does not stop the others."""
    for check in checks_to_run:
        try:
            for finding in check():
                report(finding)
        except (OperationalError, InterfaceError):
            connection.close()
            mend = _("Start it, or correct DATABASE_URL.")
            report(Diagnosis(_name_of(check), _("the database does not answer"), mend))
        except ProgrammingError:
            report(Diagnosis(_name_of(check), _("there are no tables yet"), _("Run manage.py migrate as the owner.")))


def _name_of(check: Check) -> str:
    return getattr(check, "__name__", "check").removeprefix("check_")
