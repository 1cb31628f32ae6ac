"""Reads over more than one model."""

from django.db.models import QuerySet

from accounts.models import User


def unconfirmed_users(email: str) -> "QuerySet[User]":
    """Who signed up with this address (lower case) but never confirmed it and never got in.

    Such a sign-up owns nothing and proves nothing about who made it: a newer one may take its place.
    """
    return (
        User.objects.filter(email=email, last_login__isnull=True, is_staff=False)
        .filter(emailaddress__email=email, emailaddress__verified=False)
        .exclude(emailaddress__verified=True)
    )
