"""Querysets that know whose rows they are, and what a copy of a row is made of."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

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


def copyable_values(row: models.Model, *but: str) -> dict[str, Any]:
    """What a row says, by column, without its number and its version: a copy has its own."""
    left_out = {"id", "version", *but}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}
