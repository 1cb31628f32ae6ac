"""What operators do with an account. Each act is written to the audit log, and the person is told by email.

None of them reads a plan.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from accounts.session_ending import end_all_sessions
from careerplan.account_data.services import request_export
from careerplan.operators.actors import Actor
from careerplan.operators.models import AuditAction
from careerplan.operators.services.audit import record
from careerplan.reminders.refusals import retry_rejected_addresses


class RefusedAct(Exception):
    """The act makes no sense for this account; the text says why."""


class IsOperator(RefusedAct):
    """Operators do not block or delete each other: their rights are ended first, by the command."""


class AddressTaken(RefusedAct):
    """Another account has this address, or this account may no longer get it."""


def lock_person(user: User) -> User:
    """Return the account, locked. Raises User.DoesNotExist where it was deleted meanwhile."""
    return User.objects.select_for_update().get(pk=user.pk)


@transaction.atomic
def confirm_address(*, actor: Actor, user: User, now: datetime, why: str = "") -> bool:
    """Confirm the address without a code; return whether it was unconfirmed."""
    person = lock_person(user)
    address, _is_new = EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True})
    if address.verified:
        return False
    address.verified = address.primary = True
    address.save(update_fields=["verified", "primary"])
    accounts.use_invitation(email=person.email, now=now)
    record(actor=actor, action=AuditAction.CONFIRMED, person=person, now=now, why=why)
    return True


@transaction.atomic
def change_address(*, actor: Actor, user: User, email: str, now: datetime, why: str = "") -> str:
    """Give the account another, confirmed address and end its sessions; return the old one. Raises AddressTaken.

    It is raised too where the account was changed, blocked or made an operator since `user` was read.
    """
    person, email = lock_person(user), email.lower()
    if (person.email, person.is_staff) != (user.email, user.is_staff) or not person.is_active:
        raise AddressTaken
    accounts.discard_unconfirmed(email=email, keep=person)
    if User.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise AddressTaken
    old, person.email = person.email, email
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    end_all_sessions(person)
    record(actor=actor, action=AuditAction.ADDRESS_CHANGED, person=person, now=now, why=why)
    return old


@transaction.atomic
def retry_emails(*, actor: Actor, user: User, now: datetime, why: str = "") -> None:
    """Send to a refused address again from now on."""
    retry_rejected_addresses(user=user)
    record(actor=actor, action=AuditAction.MAIL_RETRIED, person=user, now=now, why=why)


@transaction.atomic
def end_sessions(*, actor: Actor, user: User, now: datetime, why: str = "") -> int:
    """Sign the person out in every browser; return in how many."""
    count = end_all_sessions(user)
    record(actor=actor, action=AuditAction.SESSIONS_ENDED, person=user, now=now, why=why, count=count)
    return count


@transaction.atomic
def block(*, actor: Actor, user: User, now: datetime, why: str) -> bool:
    """Let the person sign in no more, and end their sessions; return whether they could. Raises IsOperator.

    Reminders, links in emails and the calendar stop with it.
    """
    person = lock_person(user)
    if person.is_staff:
        raise IsOperator
    if not person.is_active:
        return False
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_all_sessions(person)
    record(actor=actor, action=AuditAction.BLOCKED, person=person, now=now, why=why)
    return True


@transaction.atomic
def unblock(*, actor: Actor, user: User, now: datetime, why: str = "") -> bool:
    """Let the person sign in again; return whether they were blocked."""
    person = lock_person(user)
    if person.is_active:
        return False
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(actor=actor, action=AuditAction.UNBLOCKED, person=person, now=now, why=why)
    return True


@transaction.atomic
def export(*, actor: Actor, user: User, now: datetime, why: str) -> None:
    """Have a worker write the file of an account, which its owner downloads. Operators never get it."""
    request_export(user=user, now=now)
    record(actor=actor, action=AuditAction.EXPORTED, person=user, now=now, why=why)


@transaction.atomic
def delete(*, actor: Actor, user: User, now: datetime, why: str, at_once: bool = False) -> datetime:
    """Schedule the deletion of an account; return when it is due. Raises IsOperator.

    `at_once`, and for a sign-up that was never confirmed: a worker deletes it now.
    """
    person = lock_person(user)
    if person.is_staff:
        raise IsOperator
    due_at = accounts.request_deletion(user=person, now=now)
    if at_once or User.objects.unconfirmed(person.email).filter(pk=person.pk).exists():
        accounts.skip_deletion_delay(user=person, now=now)
        due_at = now
    record(actor=actor, action=AuditAction.DELETION_ASKED, person=person, now=now, why=why, at_once=due_at == now)
    return due_at


@transaction.atomic
def cancel_deletion(*, actor: Actor, user: User, now: datetime, why: str = "") -> bool:
    """Keep the account; return whether it was to be deleted."""
    person = lock_person(user)
    if not person.is_deletion_pending:
        return False
    accounts.cancel_deletion(user=person)
    record(actor=actor, action=AuditAction.DELETION_CANCELLED, person=person, now=now, why=why)
    return True


@transaction.atomic
def set_operator(*, actor: Actor, user: User, is_operator: bool, now: datetime, why: str = "") -> bool:
    """Make a person an operator, or end that and their sessions; return whether it changed anything."""
    person = lock_person(user)
    if person.is_staff == is_operator:
        return False
    person.is_staff = is_operator
    if not is_operator:
        person.is_superuser = False
        end_all_sessions(person)
    person.save(update_fields=["is_staff", "is_superuser"])
    action = AuditAction.OPERATOR_ADDED if is_operator else AuditAction.OPERATOR_REMOVED
    record(actor=actor, action=action, person=person, now=now, why=why)
    return True
