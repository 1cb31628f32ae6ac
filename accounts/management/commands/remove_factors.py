"""`manage.py remove_factors ADDRESS`: let someone who lost passkeys, app and recovery codes sign in by password."""

from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import factor_mail
from accounts.factors.services import remove_factors
from accounts.models import User
from careerplan.core.mail import build_email, deliver_email
from careerplan.core.smtp import SmtpOutcome, without_addresses

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Remove the passkeys, the authenticator app and the recovery codes of an account. Make sure first who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the email address of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["address"].strip().lower()).first()
        if user is None:
            raise CommandError("No account has this address.")
        count = remove_factors(user=user)
        log.info("factors_removed_by_operator", user=user.pk, count=count)
        if count:
            result = deliver_email(build_email("factors_removed", to=user.email, context=factor_mail({"user": user})))
            if result.outcome is not SmtpOutcome.ACCEPTED:
                self.stderr.write(f"The email about it was not delivered: {without_addresses(result.text)}")
        self.stdout.write(f"{count} removed. The account needs its password only. If it has none, it can be reset.")
