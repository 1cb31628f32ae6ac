"""`manage.py people`: find, confirm, block, export and delete accounts at the server. Each act is in the audit log."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import services as accounts
from accounts.models import User
from accounts.tasks import delete_due_accounts
from careerplan.account_data.exporter import write_export
from careerplan.operators import mails
from careerplan.operators.actors import at_the_server
from careerplan.operators.models import WHY_LENGTH, AuditAction
from careerplan.operators.queries.people import Filter, find_people
from careerplan.operators.queries.person import load_person
from careerplan.operators.services import people
from careerplan.operators.services.audit import record


class Command(BaseCommand):
    """`people list | show | confirm | block | unblock | sessions-end | export | delete | operator | invite`."""

    help = "Find people and act on their accounts. Every act is written to the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        listed = what.add_parser("list", help="list accounts, the newest first")
        listed.add_argument("query", nargs="?", default="", help="part of an address or a name")
        listed.add_argument("--filter", choices=[str(one) for one in Filter if one], default="")
        self._act(what, "show", "show one account, and why no emails arrive", why=None)
        self._act(what, "confirm", "confirm the address without a code")
        self._act(what, "block", "let nobody sign in to an account")
        self._act(what, "unblock", "let the owner sign in again", why=False)
        self._act(what, "sessions-end", "sign the owner out everywhere", why=False)
        export = self._act(what, "export", "write the data of an account to a file")
        export.add_argument("--output", required=True, type=Path, metavar="FILE")
        delete = self._act(what, "delete", "delete an account after 7 days")
        delete.add_argument("--now", action="store_true", help="delete it now")
        operator = self._act(what, "operator", "make somebody an operator", why=False)
        operator.add_argument("--remove", action="store_true", help="end the rights of an operator")
        self._act(what, "invite", "invite an address to sign up", why=False)

    def _act(self, what: Any, name: str, text: str, *, why: bool | None = True) -> ArgumentParser:
        parser: ArgumentParser = what.add_parser(name, help=text)
        parser.add_argument("address", metavar="ADDRESS")
        if why is not None:
            parser.add_argument("--why", required=why, default="", help="the reason, for the audit log")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[..., str]] = {
            "list": self._list,
            "show": self._show,
            "confirm": self._confirm,
            "block": self._block,
            "unblock": self._unblock,
            "sessions-end": self._end_sessions,
            "export": self._export,
            "delete": self._delete,
            "operator": self._operator,
            "invite": self._invite,
        }
        self.common = {"actor": at_the_server(), "now": timezone.now(), "why": options.get("why", "")[:WHY_LENGTH]}
        try:
            self.stdout.write(acts[options["what"]](options))
        except people.IsOperator:
            raise CommandError(_("This is an operator. Run `people operator ADDRESS --remove` first.")) from None

    def _person(self, options: dict[str, Any]) -> User:
        user = User.objects.filter(email=options["address"].strip().lower()).first()
        if user is None:
            raise CommandError(_("No account has this address."))
        return user

    def _list(self, options: dict[str, Any]) -> str:
        page = find_people(
            query=options["query"], chosen=Filter(options["filter"]), before=None, now=self.common["now"]
        )
        lines = [f"{row.state:<12}{row.email}" for row in page.rows]
        return "\n".join([*lines, "and more" if page.next_before else f"{len(lines)} found"])

    def _show(self, options: dict[str, Any]) -> str:
        user = self._person(options)
        page = load_person(user, self.common["now"])
        record(actor=self.common["actor"], action=AuditAction.LOOKED, person=user, now=self.common["now"])
        facts = {
            "number": user.pk,
            "signed up": f"{user.date_joined:%Y-%m-%d}",
            "confirmed": "yes" if page.is_confirmed else "no",
            "blocked": "no" if user.is_active else "yes",
            "last seen": f"{page.seen_at:%Y-%m-%d}" if page.seen_at else "never",
            "sessions": len(page.devices),
            "operator": "yes" if user.is_staff else "no",
            "emails": page.mail.reason or "arrive",
            "answer": page.mail.last_answer or "-",
            "waiting": page.mail.waiting,
            "deleted on": f"{user.deletion_due_at:%Y-%m-%d}" if user.deletion_due_at else "-",
        }
        return "\n".join(f"{name:<12}{value}" for name, value in facts.items())

    def _confirm(self, options: dict[str, Any]) -> str:
        done = people.confirm_address(user=self._person(options), **self.common)
        return _("Confirmed.") if done else _("The address was confirmed already.")

    def _block(self, options: dict[str, Any]) -> str:
        done = people.block(user=self._person(options), **self.common)
        return _("Blocked, and signed out everywhere.") if done else _("The account was blocked already.")

    def _unblock(self, options: dict[str, Any]) -> str:
        done = people.unblock(user=self._person(options), **self.common)
        return _("Unblocked.") if done else _("The account was not blocked.")

    def _end_sessions(self, options: dict[str, Any]) -> str:
        count = people.end_sessions(user=self._person(options), **self.common)
        return ngettext("%(n)s session ended.", "%(n)s sessions ended.", count) % {"n": count}

    def _export(self, options: dict[str, Any]) -> str:
        """Write the file for a person who cannot sign in, with nobody else allowed to read it."""
        user, target = self._person(options), options["output"]
        if target.exists():
            raise CommandError(_("%(file)s exists already.") % {"file": target})
        target.touch(mode=0o600)
        try:
            with transaction.atomic():
                with target.open("wb") as file:
                    rows = write_export(user, file, now=self.common["now"])
                record(action=AuditAction.EXPORTED, person=user, to_file=True, **self.common)
        except BaseException:  # half a file is of no use, and holds personal data
            target.unlink()
            raise
        said = ngettext(
            "%(n)s entry written to %(file)s. Give it to its owner only, then delete it.",
            "%(n)s entries written to %(file)s. Give it to its owner only, then delete it.",
            rows,
        )
        return said % {"n": rows, "file": target}

    def _delete(self, options: dict[str, Any]) -> str:
        user = self._person(options)
        due_at = people.delete(user=user, at_once=options["now"], **self.common)
        if due_at > self.common["now"]:
            said = _("The account will be deleted on %(day)s. Until then its owner can keep it.")
            return said % {"day": f"{due_at:%Y-%m-%d}"}
        delete_due_accounts()
        is_there = User.objects.filter(pk=user.pk).exists()
        return _("It will be deleted in a few minutes.") if is_there else _("Deleted.")

    def _operator(self, options: dict[str, Any]) -> str:
        is_operator = not options["remove"]
        done = people.set_operator(user=self._person(options), is_operator=is_operator, **self.common)
        if not done:
            return _("Nothing to change.")
        if not is_operator:
            return _("No longer an operator.")
        return _("An operator now. The pages are at /operator/ and ask for a second step, such as a passkey.")

    def _invite(self, options: dict[str, Any]) -> str:
        email = options["address"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(_("This is not an email address.")) from None
        if User.objects.filter(email=email).exists():
            raise CommandError(_("This address has an account already."))
        with transaction.atomic():
            invitation = accounts.invite(email=email, now=self.common["now"])
            record(action=AuditAction.INVITED, invitation=invitation.pk, **self.common)
        if not mails.send_invitation(invitation):
            raise CommandError(_("The mail server did not take the invitation. Run the command again."))
        return _("Invitation sent. It works once, for 14 days.")
