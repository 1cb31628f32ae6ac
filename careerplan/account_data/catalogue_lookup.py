"""The skills and occupations a file names, as this Careerplan knows them."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.account_data.parser import Refused
from careerplan.account_data.sections import Row
from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.services import MOST_OWN_SKILLS


class Known:
    """Finds skills and occupations by what the file calls them; makes a skill of one's own where there is none.

    `reference` gives the number of one of the file's own skills.
    """

    def __init__(self, user: User, reference: Callable[[int], int | None]) -> None:
        self.user, self.reference = user, reference
        self.unknown_skills: list[str] = []
        self.unknown_occupations: list[str] = []
        self._catalogue = dict(Skill.objects.catalogue().values_list("key", "pk"))
        self._own = {name.lower(): pk for pk, name in Skill.objects.for_user(user).values_list("pk", "name")}
        self._occupations: dict[str, int | None] = {}

    def own_skill(self, name: str) -> int | None:
        """The number of one's own skill of that name."""
        return self._own.get(name.lower())

    def add_own_skill(self, name: str, pk: int) -> None:
        """Remember one that comes with the file. Raises Refused where there are too many."""
        self._check_room()
        self._own[name.lower()] = pk

    def _check_room(self) -> None:
        if len(self._own) >= 20 * MOST_OWN_SKILLS:
            raise Refused(_("That are more skills of your own than an account can have."))

    def skill(self, said: Row) -> int:
        """The id of a skill: of the catalogue by its key, else one's own of that name, made where there is none."""
        if said["own"] is not None:
            return self.reference(said["own"]) or 0
        found = self._catalogue.get(said["key"] or "")
        return found if found is not None else self._skill_by_name(said["name"])

    def _skill_by_name(self, name: str) -> int:
        if name not in self.unknown_skills:
            self.unknown_skills.append(name)
        found = self.own_skill(name)
        if found is None:
            self._check_room()
            found = self._own[name.lower()] = Skill.objects.create(name=name, owner=self.user).pk
        return found

    def occupation(self, said: Row) -> int | None:
        """The id of an occupation by its code; None where this catalogue does not know it."""
        code = said["code"]
        if code not in self._occupations:
            self._occupations[code] = Occupation.objects.filter(code=code).values_list("pk", flat=True).first()
            if self._occupations[code] is None:
                self.unknown_occupations.append(said["title"])
        return self._occupations[code]
