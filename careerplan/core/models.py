"""Querysets limited to one user, and the values for copying a row."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to one user. `owner_path` is the lookup from the row to its user."""

    owner_path = "user"

    def for_user(self, user: "User") -> Self:
        """Return rows of this user; every view finds its rows through this."""
        return self.filter(**{self.owner_path: user})


def copyable_values(row: models.Model, *but: str) -> dict[str, Any]:
    """Return the values of a row by column, without its id and version: a copy has its own."""
    left_out = {"id", "version", *but}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}
