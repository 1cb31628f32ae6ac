"""Whose reminders are looked at when: each person once a day, as their mail hour comes (docs/adr/0009).

A row a person, made by the database with the account. It only says when to look; what is owed is decided by
owed.sql, so that one look too many costs nothing, and one that comes late finds everything.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User

AT_ONCE = "'epoch'::timestamptz"  # earlier than any moment that is asked about


class Turn(models.Model):
    """From when on a sweep looks at what is owed to somebody."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    look_at = models.DateTimeField(_("look at"), db_index=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")

    def __str__(self) -> str:
        return f"{self.user_id} {self.look_at:%Y-%m-%d %H:%M}"


def _look_at_once(name: str, user: str, changed: str) -> list[pgtrigger.Trigger]:
    """Who comes or comes back, and whose clock changes, is looked at by the next sweep."""
    statement = (  # fixed text, no input
        f"INSERT INTO reminders_turn (user_id, look_at) VALUES ({user}, {AT_ONCE})"  # noqa: S608
        f" ON CONFLICT (user_id) DO UPDATE SET look_at = {AT_ONCE}; RETURN NULL;"
    )
    return [
        pgtrigger.Trigger(
            name=f"{name}_comes", level=pgtrigger.Row, when=pgtrigger.After, operation=pgtrigger.Insert, func=statement
        ),
        pgtrigger.Trigger(
            name=f"{name}_changes",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"({changed})"),
            func=statement,
        ),
    ]


def turn_of_preferences() -> list[pgtrigger.Trigger]:
    """Another mail hour."""
    return _look_at_once("turn_of_hour", "NEW.user_id", "OLD.hour IS DISTINCT FROM NEW.hour")


class RemindedUser(User):
    """A person as the reminders see them: the database gives each new one a turn."""

    class Meta:
        proxy = True
        triggers: ClassVar = _look_at_once(
            "turn_of_user",
            "NEW.id",
            "ROW(OLD.time_zone, OLD.is_active, OLD.deletion_due_at)"  # who stays after all missed nothing
            " IS DISTINCT FROM ROW(NEW.time_zone, NEW.is_active, NEW.deletion_due_at)",
        )
