"""Queries of refusals: what is wrong with our mail server, and which addresses get no email."""

from datetime import datetime, timedelta

from careerplan.reminders.models import Digest, MailServerState, RefusedAddress, SchedulerRun

# A mail server that is restarted is away for less.
FAILING_AFTER = timedelta(minutes=5)


def mail_problem(now: datetime) -> str:
    """Return what is wrong with sending, for /health/, or "". At most three queries.

    It is wrong where different people were refused one after the other without one taken, or where nothing could be
    handed over for FAILING_AFTER; as long as emails are owed.
    """
    held_since = SchedulerRun.objects.values_list("held_since", flat=True).first()
    if held_since is not None:
        return f"reminder emails are held since {held_since:%Y-%m-%d %H:%M} UTC; run `manage.py reminders go-on`"
    state = MailServerState.objects.first()
    if state is None or not (state.refuses_everyone or _is_failing(state, now)):
        return ""
    if not Digest.objects.pending().exists():
        return ""
    if state.refuses_everyone:
        what = f"the mail server refused {len(state.refused_users)} people one after the other"
    else:
        what = f"nothing could be handed to the mail server since {state.failing_since:%Y-%m-%d %H:%M:%S} UTC"
    return f"{what}, the last time with: {state.smtp_response}; mend it, then run `manage.py reminders retry`"


def _is_failing(state: MailServerState, now: datetime) -> bool:
    return state.failing_since is not None and now - state.failing_since > FAILING_AFTER


def is_sending_stopped(now: datetime) -> bool:
    """Return whether sending waits: everyone was refused, or an operator holds it. Two queries."""
    is_held = SchedulerRun.objects.filter(held_since__isnull=False).exists()
    return is_held or MailServerState.objects.filter(stopped_until__gt=now).exists()


def list_refused_addresses() -> list[RefusedAddress]:
    """Return all addresses that were refused, those first that get no email. One query."""
    return list(RefusedAddress.objects.order_by("stopped_at", "address"))
