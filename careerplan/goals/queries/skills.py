"""The skills a goal builds, each with where the person is and what their target needs."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import OccupationNeed, Skill
from careerplan.goals.models import GREW_FROM, Goal
from careerplan.skills.fit import Need
from careerplan.skills.models import Assessment, Level, Rating


@dataclass(frozen=True, slots=True)
class BuiltSkill:
    """A skill of a goal. Levels 0 to 5; `have` is None where it is not rated, `need` where the target needs it not."""

    pk: int
    name: str
    have: int | None
    need: int | None
    goal_grew_from_it: bool

    @property
    def have_name(self) -> str:
        """ "basic"."""
        return "" if self.have is None else str(Level(self.have).label).lower()

    @property
    def need_name(self) -> str:
        """ "advanced"."""
        return "" if self.need is None else str(Level(self.need).label).lower()


def skills_of(goal: Goal, user: User) -> list[BuiltSkill]:
    """The skills of a goal beside the newest inventory and its target. One query."""
    newest = Assessment.objects.for_user(user).finished()
    ratings = Rating.objects.filter(skill=OuterRef("pk"), assessment=Subquery(newest.values("pk")[:1]))
    needs = OccupationNeed.objects.filter(
        skill=OuterRef("pk"), occupation=Subquery(newest.values("target_occupation")[:1])
    )
    grew_from = Cast(KT(f"pgh_context__{GREW_FROM}"), BigIntegerField())
    history = goal.events  # type: ignore[attr-defined]  # made by pghistory
    events = history.annotate(skill=grew_from).filter(pgh_label="insert", skill=OuterRef("pk"))
    rows = goal.skills.annotate(
        have=Subquery(ratings.values("level")[:1]),
        need_level=Subquery(needs.values("level")[:1]),
        need_importance=Subquery(needs.values("importance")[:1]),
        grew=Exists(events),
    )
    return [
        BuiltSkill(pk, name, have, whole_need(pk, level, importance), grew)
        for pk, name, have, level, importance, grew in rows.values_list(
            "pk", "name", "have", "need_level", "need_importance", "grew"
        )
    ]


def whole_need(skill_id: int, level: Decimal | None, importance: Decimal | None) -> int | None:
    """The level that is needed, as the results show it; None where it is not needed."""
    if level is None or importance is None:
        return None
    need = Need(skill_id, level, importance)
    return need.whole_level if need.is_needed else None


def skill_choices(user: User, chosen: Collection[int] = ()) -> list[tuple[str, list[tuple[int, str]]]]:
    """What a goal can build, by group: the catalogue, and the person's own. Put away ones only where `chosen`.

    One query.
    """
    visible = Skill.objects.visible_to(user)
    rows = visible.filter(Q(put_away_at__isnull=True) | Q(pk__in=chosen)).in_order()
    groups: dict[str, list[tuple[int, str]]] = {}
    for skill in rows:
        groups.setdefault(skill.group.name if skill.group else str(_("Your own skills")), []).append(
            (skill.pk, skill.name)
        )
    return list(groups.items())
