"""Querysets that know whose rows they are."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to one person. `owner_path` leads from the row to its user."""

    owner_path = "user"

    def for_user(self, user: "User") -> Self:
        """Only what this person owns; everything that is shown or changed is found through this."""
        return self.filter(**{self.owner_path: user})
