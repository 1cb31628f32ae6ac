"""The lists of occupations that the answers are closest to, with their texts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from careerplan.catalogue.models import Skill
from careerplan.skills.queries import result_texts
from careerplan.skills.queries.comparison import gap_rows, load_needs
from careerplan.skills.queries.field_results import FieldResults, field_results
from careerplan.skills.queries.match_rows import OccupationMatch
from careerplan.skills.queries.occupation_headline import occupation_headline
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.result_inputs import ResultInputs
from careerplan.skills.queries.result_texts import OccupationRow
from careerplan.skills.queries.target_place import TargetPlace, target_place
from careerplan.skills.queries.telling_questions import TellingQuestion, telling_questions


@dataclass(frozen=True, slots=True)
class OccupationLists:
    """The occupations that the answers are closest to, in three lists; `note` if there are none to show.

    `target` is the target with its place in the lists, None without one or if there is nothing to show.

    `longer_training` are close too, but need years of study first. `questions_query` is the query string of an
    assessment of the questions that would tell most next. `has_interests`: whether the rows say what the user would
    like. `fields` are for someone without a target.
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

    @property
    def question_names(self) -> list[str]:
        """Return the names of the questions that would tell most."""
        return [question.name for question in self.questions]

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to show."""
        return bool(self.note)


def occupation_lists(inputs: ResultInputs, catalogue: RankedOccupations | None) -> OccupationLists:
    """Return the lists with their texts; without a target also the fields. Two queries."""
    matches, rated, target = inputs.matches, inputs.rated, inputs.target.occupation
    in_target = [matches.target.match] if matches.target else []
    needs = load_needs([match.facts.pk for match in (*matches.shown, *in_target)], only_needed=True)
    has_target = bool(inputs.target.role) or target is not None
    fields = None if has_target else field_results(matches, inputs.likings)
    level = inputs.education.level if inputs.education else ""

    def rows(found: list[OccupationMatch]) -> list[OccupationRow]:
        return [
            result_texts.occupation_row(
                match,
                [rated.names[pk] for pk in match.reasons],
                gap_rows(rated.levels, needs[match.facts.pk].values()),
                level,
                is_target=target is not None and match.facts.pk == target.pk,
            )
            for match in found
        ]

    headline = fields.headline if fields else occupation_headline(matches)
    questions = dict(Skill.objects.filter(pk__in=matches.questions).values_list("pk", "name"))
    return OccupationLists(
        like_yours=rows(matches.like_yours),
        step_up=rows(matches.step_up),
        other_field=rows(matches.other_field),
        longer_training=rows(matches.longer_training),
        headline=headline.title,
        lead=headline.lead,
        tie=result_texts.tie_sentence(matches.undecided),
        note="" if matches.is_enough else result_texts.too_little(list(rated.levels.values()), matches.missing),
        questions=telling_questions(catalogue, matches.questions, questions, inputs.current_id) if catalogue else [],
        questions_query=urlencode({"skill": matches.questions}, doseq=True),
        has_interests=matches.has_interests,
        fields=fields,
        target=target_place(matches, target, rows(in_target)),
    )
