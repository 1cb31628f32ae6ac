"""Queries of refusals: what is wrong with our mail server, and which addresses get no email."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.reminders.models import Digest, MailServerState, RefusedAddress, SchedulerRun

# A mail server that is restarted is away for less.
FAILING_AFTER = timedelta(minutes=5)


def mail_problem(now: datetime) -> str:
    """Return what is wrong with sending, or "", with what the mail server answered. At most three queries.

    It is wrong where different people were refused one after the other without one taken, or where nothing could be
    handed over for FAILING_AFTER; as long as emails are owed.
    """
    return _problem(now, answer=str)


def public_mail_problem(now: datetime) -> str:
    """Return the same for /health/, which strangers may read: only the code of what the mail server answered."""
    return _problem(now, answer=_code)


def _problem(now: datetime, answer: Callable[[str], str]) -> str:
    held_since = SchedulerRun.objects.values_list("held_since", flat=True).first()
    if held_since is not None:
        said = _(
            "reminder emails are held since %(time)s UTC. End it at Operator > Server, "
            "or run `manage.py reminders go-on`"
        )
        return said % {"time": f"{held_since:%Y-%m-%d %H:%M}"}
    state = MailServerState.objects.first()
    if state is None or not (state.refuses_everyone or _is_failing(state, now)):
        return ""
    if not Digest.objects.pending().exists():
        return ""
    if state.refuses_everyone:
        people = len(state.refused_users)
        said = ngettext(
            "the mail server refused %(n)s person, the last time with: %(answer)s. "
            "Mend it, then run `manage.py reminders retry`.",
            "the mail server refused %(n)s people one after the other, the last time with: %(answer)s. "
            "Mend it, then run `manage.py reminders retry`.",
            people,
        )
        return said % {"n": people, "answer": answer(state.smtp_response)}
    said = _(
        "nothing could be handed to the mail server since %(time)s UTC, the last time with: %(answer)s. "
        "Mend it, then run `manage.py reminders retry`."
    )
    return said % {"time": f"{state.failing_since:%Y-%m-%d %H:%M:%S}", "answer": answer(state.smtp_response)}


def _code(smtp_response: str) -> str:
    """Return the code at the beginning of an answer, or the name of the error if nothing was answered."""
    found = re.match(r"\d{3}\b|[A-Za-z]+", smtp_response)
    return found[0] if found else _("no code")


def _is_failing(state: MailServerState, now: datetime) -> bool:
    return state.failing_since is not None and now - state.failing_since > FAILING_AFTER


def is_sending_held() -> bool:
    """Return whether an operator holds sending (`manage.py reminders hold`). One query."""
    return SchedulerRun.objects.filter(held_since__isnull=False).exists()


def is_mail_server_refusing(now: datetime) -> bool:
    """Return whether sending waits because the mail server refused everyone. One query."""
    return MailServerState.objects.filter(stopped_until__gt=now).exists()


def is_sending_stopped(now: datetime) -> bool:
    """Return whether sending waits, for either reason. Two queries."""
    return is_sending_held() or is_mail_server_refusing(now)


def list_refused_addresses() -> list[RefusedAddress]:
    """Return all addresses that were refused, those first that get no email. One query."""
    return list(RefusedAddress.objects.order_by("stopped_at", "address"))
