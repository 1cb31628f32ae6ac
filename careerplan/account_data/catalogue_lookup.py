"""Find the skills and occupations that a file names, in our catalogue."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.account_data.columns import Row
from careerplan.account_data.errors import InvalidFile
from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.services import MOST_OWN_SKILLS


class CatalogueLookup:
    """Finds skills and occupations by their names in the file; creates an own skill if there is none.

    `reference` gives the id of one of the file's own skills. `created`: ids of the skills that were created.
    """

    def __init__(self, user: User, reference: Callable[[int], int | None]) -> None:
        self.user, self.reference = user, reference
        self.created: list[int] = []
        self.unknown_skills: list[str] = []
        self.unknown_occupations: list[str] = []
        self._catalogue = dict(Skill.objects.catalogue().values_list("key", "pk"))
        self._own = {name.lower(): pk for pk, name in Skill.objects.for_user(user).values_list("pk", "name")}
        self._occupations: dict[str, int | None] = {}

    def own_skill(self, name: str) -> int | None:
        """Return the id of an own skill by its name."""
        return self._own.get(name.lower())

    def add_own_skill(self, name: str, pk: int) -> None:
        """Remember an own skill of the file. Raises InvalidFile where there are too many."""
        self._check_room()
        self._own[name.lower()] = pk

    def _check_room(self) -> None:
        if len(self._own) >= 20 * MOST_OWN_SKILLS:
            raise InvalidFile(_("The file has more skills of your own than an account can hold."))

    def skill(self, source: Row) -> int:
        """Return the id of a skill: of the catalogue by its key, else an own one of that name, made if needed."""
        if source.get("own") is not None:
            return self.reference(source["own"]) or 0
        found = self._catalogue.get(source.get("key") or "")
        return found if found is not None else self._skill_by_name(source["name"])

    def _skill_by_name(self, name: str) -> int:
        if name not in self.unknown_skills:
            self.unknown_skills.append(name)
        found = self.own_skill(name)
        if found is None:
            self._check_room()
            found = self._own[name.lower()] = Skill.objects.create(name=name, owner=self.user).pk
            self.created.append(found)
        return found

    def occupation(self, source: Row) -> int | None:
        """Return the id of an occupation by its code; None where the catalogue does not know it."""
        code = source["code"]
        if code not in self._occupations:
            self._occupations[code] = Occupation.objects.filter(code=code).values_list("pk", flat=True).first()
            if self._occupations[code] is None:
                self.unknown_occupations.append(source.get("title") or code)
        return self._occupations[code]
