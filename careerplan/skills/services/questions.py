"""Choose the next questions of a quick assessment."""

from careerplan.matching.questions import PAGE
from careerplan.skills.interests import score_interests
from careerplan.skills.models import Assessment
from careerplan.skills.queries.comparison import load_needs
from careerplan.skills.queries.occupation_table import ranked_occupations
from careerplan.skills.queries.questions import choose_questions, count_pages
from careerplan.skills.queries.standing import current_occupation_id


def update_questions(draft: Assessment) -> None:
    """Choose the next page of a quick assessment by the answers so far; none without enough rated occupations."""
    catalogue = ranked_occupations() if draft.mode == Assessment.Mode.QUICK and draft.limited_to is None else None
    if catalogue is None:
        return
    answers = draft.ratings.filter(confirmed_at__gte=draft.started_at).values_list("skill_id", "level")
    scores = score_interests(dict(draft.interest_answers.values_list("activity", "liking")))
    current_id = current_occupation_id(draft)
    target_id = draft.target_occupation_id
    needs = load_needs([target_id])[target_id] if target_id else {}
    levels = dict(answers)
    questions = choose_questions(catalogue, draft.questions or [], levels, current_id, needs, interests=scores)
    pages = -(-len(questions) // PAGE)
    if not all(pk in levels for pk in questions):  # else there is nothing left to ask, and no page will follow
        pages = max(count_pages(catalogue, current_id, needs), pages)
    if (questions, pages) != (draft.questions, draft.question_pages):
        draft.questions, draft.question_pages = questions, pages
        Assessment.objects.filter(pk=draft.pk).update(questions=questions, question_pages=pages)
