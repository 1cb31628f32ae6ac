"""Which questions a quick assessment asks: chosen page by page, by the answers so far."""

from collections.abc import Collection, Mapping, Sequence

from careerplan.matching.occupations import posterior
from careerplan.matching.questions import PAGE
from careerplan.skills.fit import SkillNeed
from careerplan.skills.queries.answer_shares import answers_of, questions_after, starting_shares
from careerplan.skills.queries.occupation_table import RankedOccupations

PAGES_WITH_CURRENT, PAGES_WITHOUT = 3, 5
"""As many as it takes to find the occupation among the first five in most cases (docs/fit.md)."""


def count_pages(catalogue: RankedOccupations, current_id: int | None, needs: Mapping[int, SkillNeed]) -> int:
    """Return how many pages there will be: with a current occupation 3, and one more about a rated target; else 5.

    The last of them is about the target, if it is rated.
    """
    if current_id not in catalogue.rows:
        return PAGES_WITHOUT
    return PAGES_WITH_CURRENT + any(need.is_needed for need in needs.values())


def choose_questions(
    catalogue: RankedOccupations,
    chosen: Sequence[int],
    levels: Mapping[int, int | None],
    current_id: int | None,
    needs: Mapping[int, SkillNeed],
    *,
    interests: Mapping[int, float] | None = None,
) -> list[int]:
    """Return the questions (ids of skills) to ask: those chosen before, as far as they are answered, and the next page.

    `levels` are the answers of this assessment by skill id, None for "not sure"; `interests` are scores (1 to 7) by
    their number. A page with any answer stays; later ones are chosen again. The last page asks for what the target
    (`needs`) asks most. Pure: the same rows, the same questions.
    """
    pages = [list(chosen[start : start + PAGE]) for start in range(0, len(chosen), PAGE)]
    while pages and not any(pk in levels for pk in pages[-1]):
        pages.pop()
    asked = [pk for page in pages for pk in page]
    total = count_pages(catalogue, current_id, needs)
    is_answered = all(pk in levels for pk in asked)
    if not is_answered or len(pages) >= total:
        return asked
    current = catalogue.rows.get(current_id) if current_id else None
    if len(pages) == total - 1 and any(need.is_needed for need in needs.values()):
        return asked + most_telling(catalogue, needs, current=current, known={*asked, *levels})
    known = {pk: level for pk, level in levels.items() if level is not None}
    answers = answers_of(catalogue, known, interests or {})
    shares = posterior(catalogue.table, answers, starting_shares(catalogue, current))
    return asked + questions_after(catalogue, shares, known, levels)


def most_telling(
    catalogue: RankedOccupations | None,
    needs: Mapping[int, SkillNeed],
    *,
    current: int | None = None,
    known: Collection[int] = (),
    count: int = PAGE,
) -> list[int]:
    """Return the skills in which an occupation (`needs`) is furthest above the current one (a row), or else above all.

    Those in `known` are left out. Without a ranked catalogue the most important come first.
    """

    def lead(need: SkillNeed) -> float:
        if catalogue is None:
            return need.weight
        usual = catalogue.table.mean if current is None else catalogue.table.figures[current]
        return need.weight - float(need.importance) * float(usual[catalogue.columns[need.skill_id]])

    needed = [need for pk, need in needs.items() if need.is_needed and pk not in known]
    if catalogue is not None:
        needed = [need for need in needed if need.skill_id in catalogue.columns]
    needed.sort(key=lambda need: (-lead(need) / need.spread, need.skill_id))
    return [need.skill_id for need in needed[:count]]
