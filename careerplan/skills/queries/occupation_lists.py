"""The lists of occupations that the answers are closest to, with their texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from careerplan.catalogue.models import Skill
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.comparison import gap_rows
from careerplan.skills.queries.field_results import FieldResults, field_results
from careerplan.skills.queries.kept_needs import kept_needs
from careerplan.skills.queries.match_rows import OccupationMatch
from careerplan.skills.queries.occupation_headline import occupation_headline
from careerplan.skills.queries.occupation_table import OccupationFacts
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.result_texts import OccupationRow
from careerplan.skills.queries.target_place import TargetPlace, target_place
from careerplan.skills.queries.telling_questions import TellingQuestion, telling_questions
from careerplan.skills.queries.without_lists import LikedField, WithoutLists, without_lists


@dataclass(frozen=True, slots=True)
class LikedRow:
    """A field that the user would like, in words with 1 to 3 dots, and the occupations in it that they like most."""

    name: str
    path: str
    would_like: str
    would_like_dots: int
    rows: list[OccupationRow]


@dataclass(frozen=True, slots=True)
class OccupationLists:
    """The occupations that the answers are closest to, in three lists; `note` if there are none to show.

    `target` is the target with its place in the lists, None without one or if there is nothing to show.

    `longer_training` are close too, but need years of study first. `questions_query` is the query string of an
    assessment of the questions that would tell most next. `has_interests`: whether the rows say what the user would
    like. `fields` are for someone without a target. Without lists, `related` are occupations that experts call related
    to that of the `people` in the user's own, and `liked` are fields that they would like.
    """

    like_yours: list[OccupationRow]
    step_up: list[OccupationRow]
    other_field: list[OccupationRow]
    longer_training: list[OccupationRow]
    headline: str
    lead: str
    tie: str
    note: str
    questions: list[TellingQuestion]
    questions_query: str
    has_interests: bool
    fields: FieldResults | None = None
    target: TargetPlace | None = None
    related: list[OccupationRow] = field(default_factory=list)
    people: str = ""
    liked: list[LikedRow] = field(default_factory=list)

    @property
    def nearest(self) -> list[OccupationRow]:
        """Return the occupations to compare with first: the closest, or else related or liked ones."""
        return self.like_yours or self.related or [row for liked in self.liked for row in liked.rows]

    @property
    def question_names(self) -> list[str]:
        """Return the names of the questions that would tell most."""
        return [question.name for question in self.questions]

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to show."""
        return bool(self.note)


def occupation_lists(inputs: ResultInputs) -> OccupationLists:
    """Return the lists with their texts; without a target also the fields. At most three queries."""
    catalogue, matches = inputs.catalogue, inputs.matches
    without = without_lists(inputs, catalogue)
    target = inputs.target.occupation
    has_target = bool(inputs.target.role) or target is not None
    fields = None if has_target else field_results(matches, inputs.likings)
    texts = _RowTexts(inputs, without)
    headline = fields.headline if fields else occupation_headline(matches, without)
    questions = dict(Skill.objects.filter(pk__in=matches.questions).values_list("pk", "name"))
    levels = list(inputs.rated.levels.values())
    return OccupationLists(
        like_yours=texts.rows(matches.like_yours),
        step_up=texts.rows(matches.step_up),
        other_field=texts.rows(matches.other_field),
        longer_training=texts.rows(matches.longer_training),
        headline=headline.title,
        lead=headline.lead,
        tie=result_texts.tie_sentence(matches.undecided),
        note="" if matches.is_enough else result_texts.too_little(levels, matches.missing),
        questions=telling_questions(catalogue, matches.questions, questions, inputs.current_id) if catalogue else [],
        questions_query=urlencode({"skill": matches.questions}, doseq=True),
        has_interests=matches.has_interests or (without is not None and any(inputs.likings.values())),
        fields=fields,
        target=target_place(matches, target, texts.rows([matches.target.match] if matches.target else [])),
        related=texts.named(without.related) if without else [],
        people=without.people if without else "",
        liked=[_liked_row(liked, texts) for liked in without.liked] if without else [],
    )


def _liked_row(liked: LikedField, texts: "_RowTexts") -> LikedRow:
    fit = liked.interest_fit
    return LikedRow(liked.name, liked.path, fit.label, int(fit), texts.named(liked.occupations))


class _RowTexts:
    """Writes rows of occupations, with the gaps in what the user rated. One query."""

    def __init__(self, inputs: ResultInputs, without: WithoutLists | None) -> None:
        self.rated = inputs.rated
        self.level = inputs.education.level if inputs.education else ""
        self.target = inputs.target.occupation
        self.takes_training = without.takes_training if without else frozenset()
        in_target = [inputs.matches.target.match.facts] if inputs.matches.target else []
        shown = [match.facts for match in inputs.matches.shown]
        ids = [facts.pk for facts in (*shown, *in_target, *(without.occupations if without else ()))]
        self.needs = kept_needs(inputs.version, dict.fromkeys(ids), only_needed=True)

    def rows(self, found: Sequence[OccupationMatch]) -> list[OccupationRow]:
        """Return found occupations as the page shows them: with reasons, levels and whether it is the target."""
        return [
            result_texts.occupation_row(
                match,
                [self.rated.names[pk] for pk in match.reasons],
                self._compared(match.facts.pk),
                self.level,
                is_target=self._is_target(match.facts.pk),
            )
            for match in found
        ]

    def named(self, found: Sequence[OccupationFacts]) -> list[OccupationRow]:
        """Return rows that do not say how close the answers are."""
        return [
            result_texts.named_row(
                facts,
                self._compared(facts.pk),
                self.level,
                is_target=self._is_target(facts.pk),
                takes_training=facts.pk in self.takes_training,
            )
            for facts in found
        ]

    def _compared(self, pk: int) -> result_texts.NeedsCompared:
        needs, levels = self.needs[pk].values(), self.rated.levels
        rated = [need for need in needs if need.skill_id in levels]
        gaps = gap_rows(levels, [need for need in rated if need.gap(levels[need.skill_id])])
        return result_texts.NeedsCompared(gaps, len(rated), len(needs))

    def _is_target(self, pk: int) -> bool:
        return self.target is not None and pk == self.target.pk
