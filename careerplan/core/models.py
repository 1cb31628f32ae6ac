"""Base of querysets with an owner, and copies of rows."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to a user; `owner_path` is the lookup from the row to the user."""

    owner_path = "user"

    def for_user(self, user: "User") -> Self:
        """Filter rows of a user. Views find everything they show or change through this."""
        return self.filter(**{self.owner_path: user})


def copyable_values(row: models.Model, *but: str) -> dict[str, Any]:
    """Return the column values of a row for a copy, without `id`, `version` and the columns in `but`."""
    left_out = {"id", "version", *but}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}
