"""The acts on an account: what each page says, which form it has, and what it does.

An act that needs a password that was typed lately says so (`needs_confirmation`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.tasks import delete_due_accounts
from careerplan.account_data.tasks import process_files
from careerplan.core.tasks import enqueue
from careerplan.operators import mails
from careerplan.operators.actors import Actor
from careerplan.operators.forms.people import DeleteForm, NewAddressForm, WhyForm
from careerplan.operators.models import AuditAction
from careerplan.operators.services import people
from careerplan.operators.services.audit import record
from careerplan.site_settings.queries import current_site

NOT_SENT = gettext_lazy("We could not send the email to the person. The mail server did not take it.")


@dataclass(frozen=True)
class Outcome:
    """What the operator reads afterwards, and the email to send then; it returns whether the mail server took it."""

    done: str
    send: Callable[[], bool] = lambda: True


Run = Callable[[Actor, User, dict[str, Any], datetime], Outcome]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: `title` and `explains` are its page, `button` does it."""

    title: Any
    explains: Any
    button: Any
    run: Run
    form: type[WhyForm] = WhyForm
    why_required: bool = True
    is_dangerous: bool = False
    needs_confirmation: bool = False
    applies: Callable[[User], bool] = lambda user: True


def _site() -> dict[str, str]:
    return {"site": current_site().name}


def _code(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    record(actor=actor, action=AuditAction.CODE_OFFERED, person=user, now=now, why=data["why"])
    return Outcome(_("We sent an email with a link to sign in."), partial(mails.send_confirm_reminder, user))


def _confirm(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    people.confirm_address(actor=actor, user=user, now=now, why=data["why"])
    return Outcome(_("Address confirmed."))


def _address(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    record(actor=actor, action=AuditAction.ADDRESS_ASKED, person=user, now=now, why=data["why"])
    heading = _("Your address is about to change")
    text = _("We were asked to change the address of your account. If this was not you, write to us.") % _site()

    def send() -> bool:
        mails.tell_person(user, heading=heading, paragraphs=[text])
        return mails.send_address_link(user, email=data["email"])

    return Outcome(_("We sent a link to the new address. The address changes when the person opens it."), send)


def _retry(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    people.retry_emails(actor=actor, user=user, now=now, why=data["why"])
    return Outcome(_("The next reminder is sent again."))


def _sessions(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    count = people.end_sessions(actor=actor, user=user, now=now, why=data["why"])
    heading = _("You were signed out everywhere")
    text = _("The people who run %(site)s signed you out in every browser. You can sign in again.") % _site()
    words = ngettext("Signed out in %(n)s browser.", "Signed out in %(n)s browsers.", count) % {"n": count}
    return Outcome(words, partial(mails.tell_person, user, heading=heading, paragraphs=[text]))


def _block(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    if not people.block(actor=actor, user=user, now=now, why=data["why"]):
        return Outcome(_("This account was blocked already."))
    heading = _("Your account was blocked")
    text = (
        _("The people who run %(site)s have blocked your account. You cannot sign in. Nothing was deleted.") % _site()
    )
    return Outcome(_("Account blocked."), partial(mails.tell_person, user, heading=heading, paragraphs=[text]))


def _unblock(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    if not people.unblock(actor=actor, user=user, now=now, why=data["why"]):
        return Outcome(_("This account was not blocked."))
    text = _("You can sign in again. Everything in your account is as you left it.")
    return Outcome(
        _("Account unblocked."),
        partial(mails.tell_person, user, heading=_("Your account works again"), paragraphs=[text]),
    )


def _export(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    people.export(actor=actor, user=user, now=now, why=data["why"])
    transaction.on_commit(partial(enqueue, process_files))
    return Outcome(_("We are making the file. The person gets an email when it is ready to download."))


def _delete(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    due_at = people.delete(actor=actor, user=user, now=now, why=data["why"], at_once=data["at_once"])
    if due_at <= now:
        transaction.on_commit(partial(enqueue, delete_due_accounts))
        return Outcome(_("We are deleting the account. The person gets an email when it is done."))
    day = date_format(due_at.astimezone(user.zone), "j M Y")
    heading = _("Your account will be deleted on %(day)s") % {"day": day}
    text = _("The people who run %(site)s delete your account, as you asked. If you want to keep it, sign in before.")
    words = _("The account will be deleted on %(day)s.") % {"day": day}
    return Outcome(words, partial(mails.tell_person, user, heading=heading, paragraphs=[text % _site()]))


def _keep(actor: Actor, user: User, data: dict[str, Any], now: datetime) -> Outcome:
    if not people.cancel_deletion(actor=actor, user=user, now=now, why=data["why"]):
        return Outcome(_("This account was not to be deleted."))
    text = _("You can use it as before.")
    return Outcome(
        _("The account will not be deleted."),
        partial(mails.tell_person, user, heading=_("We will not delete your account"), paragraphs=[text]),
    )


ACTS: dict[str, Act] = {
    "code": Act(
        title=gettext_lazy("Ask to confirm the address"),
        explains=gettext_lazy("We send an email with a link to sign in. Signing in sends a new 6-digit code."),
        button=gettext_lazy("Send the email"),
        run=_code,
        why_required=False,
    ),
    "confirm": Act(
        title=gettext_lazy("Confirm the address without a code"),
        explains=gettext_lazy("Only if you know that the address belongs to this person. They can sign in then."),
        button=gettext_lazy("Confirm the address"),
        run=_confirm,
        needs_confirmation=True,
    ),
    "address": Act(
        title=gettext_lazy("Change the address"),
        explains=gettext_lazy(
            "Make sure first who asks: they can then choose a new password. We email the present address too."
        ),
        button=gettext_lazy("Send the link"),
        run=_address,
        form=NewAddressForm,
        needs_confirmation=True,
        applies=lambda user: user.is_active and not user.is_staff,
    ),
    "retry": Act(
        title=gettext_lazy("Try the address again"),
        explains=gettext_lazy("The next reminder is sent to the address, as if it had never refused one."),
        button=gettext_lazy("Try again now"),
        run=_retry,
        why_required=False,
    ),
    "sessions": Act(
        title=gettext_lazy("End all sessions"),
        explains=gettext_lazy("The person is signed out in every browser and can sign in again."),
        button=gettext_lazy("End all sessions"),
        run=_sessions,
        why_required=False,
    ),
    "block": Act(
        title=gettext_lazy("Block the account"),
        explains=gettext_lazy("The person is signed out and cannot sign in. Emails stop. Nothing is deleted."),
        button=gettext_lazy("Block the account"),
        run=_block,
        is_dangerous=True,
        applies=lambda user: user.is_active and not user.is_staff,
    ),
    "unblock": Act(
        title=gettext_lazy("Unblock the account"),
        explains=gettext_lazy("The person can sign in again and gets emails."),
        button=gettext_lazy("Unblock the account"),
        run=_unblock,
        why_required=False,
        applies=lambda user: not user.is_active,
    ),
    "export": Act(
        title=gettext_lazy("Export the data"),
        explains=gettext_lazy("The person gets an email and downloads the file after signing in. You do not see it."),
        button=gettext_lazy("Export the data"),
        run=_export,
        needs_confirmation=True,
        applies=lambda user: user.is_active and not user.is_deletion_pending,
    ),
    "delete": Act(
        title=gettext_lazy("Delete the account"),
        explains=gettext_lazy("All data of the account are deleted after 7 days. Until then the person can keep it."),
        button=gettext_lazy("Delete the account"),
        run=_delete,
        form=DeleteForm,
        is_dangerous=True,
        needs_confirmation=True,
        applies=lambda user: not user.is_staff,
    ),
    "keep": Act(
        title=gettext_lazy("Keep the account"),
        explains=gettext_lazy("The account is not deleted. The person gets reminders again."),
        button=gettext_lazy("Keep the account"),
        run=_keep,
        why_required=False,
        applies=lambda user: user.is_deletion_pending,
    ),
}
