"""The public page of one occupation. The number of its queries does not depend on the number of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.fields import FIELD_OF_GROUP, OccupationField, occupation_path, training_words
from careerplan.catalogue.models import Occupation, OccupationRelation
from careerplan.catalogue.sync import Source, source_of
from careerplan.core.sentences import join_list
from careerplan.explore.queries import OccupationLink, education_words
from careerplan.explore.tryout import count_questions, question_seconds
from careerplan.matching.levels import ItemKind
from careerplan.plans.models import Plan
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import GapRow, gap_rows, load_needs
from careerplan.skills.queries.draft import latest_assessment
from careerplan.skills.texts import levels_met, list_names

MOST_TITLES = 3
MOST_RELATED = 4
GAPS_NAMED = 2
FIRST_NEEDS = 6
"""Needs of each kind that are shown at first; the others are folded."""
PER_LEVEL = 20  # per cent of the scale
CELL_STEP = 20.4  # per cent: five cells with gaps of two


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A level needed (1 to 5); `have` is the user's own (0 to 5), None if unknown; `gap` the levels missing."""

    name: str
    level: int
    have: int | None = None
    gap: int = 0

    @property
    def word(self) -> str:
        """Return the level needed in a word: "advanced"."""
        return str(Level(self.level).adjective)

    @property
    def cells(self) -> list[tuple[str, bool]]:
        """Return the five cells of the scale: where each starts in per cent, and whether it is filled."""
        return [(f"{number * CELL_STEP:.1f}", number < self.level) for number in range(len(Level) - 1)]

    @property
    def have_percent(self) -> int:
        """Return the end of the bar as a percentage of the scale."""
        return PER_LEVEL * (self.have or 0)

    @property
    def need_percent(self) -> int:
        """Return the position of the level needed as a percentage of the scale."""
        return PER_LEVEL * self.level


@dataclass(frozen=True, slots=True)
class NeedList:
    """The needs of one kind, most important first."""

    heading: str
    rows: list[NeedRow]

    @property
    def first(self) -> list[NeedRow]:
        """Return the rows shown at first."""
        return self.rows[:FIRST_NEEDS]

    @property
    def rest(self) -> list[NeedRow]:
        """Return the folded rows."""
        return self.rows[FIRST_NEEDS:]


@dataclass(frozen=True, slots=True)
class OwnLevels:
    """A signed-in user beside an occupation. `has_results`: whether an assessment is finished.

    `levels` by skill id; `experience` with the tasks of this occupation by their text, in words.
    """

    is_target: bool
    has_results: bool
    levels: Mapping[int, int]
    experience: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task. `experience`: how far the user has done it, in words; blank if unknown."""

    text: str
    experience: str = ""


@dataclass(frozen=True, slots=True)
class OccupationPage:
    """Content of the page of an occupation. `own` is None for someone who is signed out.

    `unrated_query` is the query string of an assessment of the needed skills that are not rated.
    """

    occupation: Occupation
    field: OccupationField
    education: str
    training: str
    other_titles: str
    tasks: list[TaskLine]
    needs: list[NeedList]
    has_rough: bool
    related: list[tuple[str, list[OccupationLink]]]
    source: Source | None
    own: OwnLevels | None
    headline: str
    unrated_query: str
    largest_gaps: str
    questions: int

    @property
    def question_seconds(self) -> int:
        """Return about how many seconds the questions take."""
        return question_seconds(self.questions)

    @property
    def folded(self) -> int:
        """Return how many needs are folded."""
        return sum(len(needs.rest) for needs in self.needs)


def occupation_page(occupation: Occupation, user: User | None) -> OccupationPage:
    """Return the page of an occupation, with the levels of a signed-in user. Four queries, eight with a user."""
    own = _own_levels(user, occupation) if user else None
    needs = list(load_needs([occupation.pk], only_needed=True)[occupation.pk].values())
    compared = gap_rows(own.levels, needs) if own else []
    said = own.experience if own else {}
    unrated = [need.skill_id for need in needs if need.skill_id not in own.levels] if own else []
    titles = occupation.other_titles.order_by("-is_curated", "pk").values_list("title", flat=True)[:MOST_TITLES]
    return OccupationPage(
        occupation=occupation,
        field=FIELD_OF_GROUP[occupation.major_group],
        education=education_words(occupation.typical_education),
        training=training_words(occupation.job_zone),
        other_titles=join_list(titles),
        tasks=[TaskLine(text, said.get(text, "")) for text in occupation.tasks.values_list("text", flat=True)],
        needs=_need_lists(needs, own, {row.skill_id: row.gap for row in compared}),
        has_rough=any(need.low_precision for need in needs),
        related=_related(occupation),
        source=source_of(occupation.source),
        own=own,
        headline=_headline(compared, unrated),
        unrated_query=urlencode({"skill": unrated}, doseq=True) if own else "",
        largest_gaps=list_names([row.name for row in compared if row.gap][:GAPS_NAMED]),
        questions=count_questions(needs),
    )


def _headline(compared: list[GapRow], unrated: list[int]) -> str:
    """Return in how many needed skills the user has the level; blank if none is compared."""
    met = sum(not row.gap for row in compared)
    return levels_met(met, len(compared), has_unrated=bool(unrated)) if compared else ""


def _own_levels(user: User, occupation: Occupation) -> OwnLevels:
    """Return the levels of the newest results, and whether the plan names the occupation. Two to four queries."""
    results = latest_assessment(user)
    rated = results.ratings.values_list("skill_id", "level") if results else ()
    is_target = Plan.objects.for_user(user).active().filter(target_occupation=occupation).exists()
    levels = {skill_id: level for skill_id, level in rated if level is not None}
    answers = results.task_answers.filter(occupation=occupation) if results else ()
    experience = {answer.text: answer.get_experience_display() for answer in answers if answer.experience}
    return OwnLevels(is_target, results is not None, levels, experience)


def _need_lists(needs: list[SkillNeed], own: OwnLevels | None, gaps: Mapping[int, int]) -> list[NeedList]:
    """Return skills and knowledge apart, by importance times level, without empty lists."""
    levels = own.levels if own else {}
    in_order = sorted(needs, key=lambda need: (-need.weight, need.name))
    lists = [
        NeedList(
            heading,
            [
                NeedRow(need.name, need.level, levels.get(need.skill_id), gaps.get(need.skill_id, 0))
                for need in in_order
                if need.kind is kind
            ],
        )
        for kind, heading in ((ItemKind.SKILL, _("Skills")), (ItemKind.KNOWLEDGE, _("Knowledge")))
    ]
    return [found for found in lists if found.rows]


MANAGEMENT = "11"
"""Major group of management in the classification of occupations (SOC)."""


def _related(occupation: Occupation) -> list[tuple[str, list[OccupationLink]]]:
    """Return related occupations under four headings, the closest first, without empty ones. One query.

    One job zone more is a step up, in any field, and so is managing those who do this work, whichever of the two names
    the other. What takes more than one zone more is left out.
    """
    manages = occupation.major_group == MANAGEMENT
    headings = (_("Work like this"), _("A step up"), _("Work that can lead here"), _("Another field"))
    found: dict[str, list[OccupationLink]] = {heading: [] for heading in headings}
    like, step_up, leads_here, other = found.values()
    managing: list[OccupationLink] = []
    for title, code, description, zone in _relations(occupation, manages=manages):
        path = occupation_path(code, title)
        more = (zone or 0) - occupation.job_zone if occupation.job_zone and zone else 0
        if not path or more > 1:
            continue
        to_management = code.startswith(MANAGEMENT) and not manages
        if more == 1 or (to_management and more == 0):
            (managing if to_management else step_up).append(OccupationLink(title, path, description))
        elif code.startswith(occupation.major_group):
            like.append(OccupationLink(title, path, description))
        elif manages and more <= 0:
            leads_here.append(OccupationLink(title, path, description))
        else:
            other.append(OccupationLink(title, path, description))
    step_up[:] = [*step_up[: MOST_RELATED - bool(managing)], *managing]  # one way into management is always shown
    return [(heading, links[:MOST_RELATED]) for heading, links in found.items() if links]


def _relations(occupation: Occupation, *, manages: bool) -> list[tuple[str, str, str, int | None]]:
    """Return title, code, description and job zone of the related occupations; then of those in management that name
    this one. One query.
    """
    ends = {"related": Q(occupation=occupation, related__is_current=True)}
    if not manages:
        is_naming = Q(occupation__is_current=True, occupation__code__startswith=f"{MANAGEMENT}-")
        ends["occupation"] = Q(related=occupation) & is_naming
    columns = [f"{end}__{name}" for end in ends for name in ("title", "code", "description", "job_zone")]
    rows = (
        OccupationRelation.objects.filter(reduce(or_, ends.values()))
        .order_by("-is_primary", "position", "occupation__title")
        .values_list("occupation_id", *columns)
    )
    named = [row[1:5] for row in rows if row[0] == occupation.pk]
    naming = [row[5:] for row in rows if row[0] != occupation.pk]
    return list(dict.fromkeys([*named, *naming]))
