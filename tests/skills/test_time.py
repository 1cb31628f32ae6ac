"""How long the wizard takes: a scripted reader goes through the real pages with the real catalogue."""

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Occupation, Skill
from careerplan.catalogue.services import load_skills
from careerplan.catalogue.shipped_data import read_skills
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.comparison import load_needs
from careerplan.skills.queries.draft import assessment_options, load_wizard
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.skill_pages import asked_skills
from careerplan.skills.wizard.task_pages import asked_tasks
from careerplan.skills.wizard.wizard import build_wizard
from tests.database import undone
from tests.factories.catalogue import copy_shipped_catalogue
from tests.factories.skills import NOW
from tests.skills.pages import text_of
from tests.skills.reader import Reader

pytestmark = pytest.mark.django_db
MOST_MINUTES = {"quick": 9, "full": 28}
"""Quick mode with a known current occupation; without one it asks one more page. The tasks of a target take a
minute, and the activities 1.25.
"""
MOST_WITHOUT_CURRENT = 9.75
NURSE = "Registered nurse"
EDUCATION = {"level": "bachelor", "enough": "yes"}


def level_of(skill: Skill) -> int:
    """What a user answers: all levels from 1 to 5, the same in each run."""
    return sum(map(ord, skill.key)) % 5 + 1


def answers_on(page, draft, role: str) -> dict[str, str]:
    """What a user answers on a page; proposals are taken."""
    plain = {
        "where-you-are": {"career_stage": "promotion", "current_role": role},
        "where-you-want-to-be": {"target_role": "Manager", "target_occupation": draft.target_occupation_id or ""},
        "education": EDUCATION,
    }
    if page.key in plain:
        return plain[page.key]
    if page.key == "strengths":
        answers = load_wizard(draft).answers
        return {f"category-{r.skill_id}": answers.suggested_category(r) for r in answers.levels}
    liked = {f"like-{activity.key}": "4" for activity in page.activities}
    return liked | {f"skill-{skill.pk}": str(level_of(skill)) for skill in page.skills}


def read_through(client, user, mode: str, target: Occupation | None, role: str) -> tuple[list[float], list[int]]:
    """Goes through all pages; gives the seconds each took, and the minutes left that each said."""
    draft = start_assessment(user=user, mode=Assessment.Mode(mode), now=NOW)
    if target:
        save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    reader, seconds, said = Reader(), [], []
    where = reverse("skills:page", args=["where-you-are"])
    for _ in range(40):
        wizard = load_wizard(Assessment.objects.get(pk=draft.pk))
        page = wizard.page(where.strip("/").split("/")[-1])
        content = text_of(client.get(where))
        extra = 0 if page.skills else 4 * page.choices
        said.append(wizard.minutes_left)
        seconds.append(reader.read(content) + extra)
        if page.key == "check":
            return seconds, said
        draft.refresh_from_db()
        where = client.post(where, {**answers_on(page, draft, role), "go": "next"}).url
    raise AssertionError("the wizard does not end")


def check(client, user, mode: str, target: Occupation | None = None, role: str = "") -> None:
    """Goes through the pages, and compares the time with the limit and with what each page said was left."""
    seconds, said = read_through(client, user, mode, target, role)
    minutes = sum(seconds) / 60
    most = MOST_MINUTES[mode] if role or mode == "full" else MOST_WITHOUT_CURRENT
    assert minutes < most, (target, minutes, said)
    for page in range(len(said)):
        left = max(1, sum(seconds[page:]) / 60)  # at least a minute is said
        assert abs(said[page] - left) <= left / 3 + 0.5, (target, page, said[page], left)  # said in whole minutes
    offered = {offer.key: offer.minutes for offer in assessment_options(user, NOW)}[mode]
    assert abs(offered - minutes) <= minutes / 3


def slowest_target(mode: str, user) -> Occupation:
    """The occupation with which all pages take longest, by our own estimate and without a request."""
    targets = list(Occupation.objects.prefetch_related("tasks"))
    assert len(targets) > 250
    visible, needs = list(Skill.objects.visible_to(user).in_order()), load_needs([target.pk for target in targets])

    def seconds(target: Occupation) -> float:
        draft = Assessment(user=user, mode=mode, started_at=NOW, target_occupation=target)
        tasks, skills = asked_tasks(draft, target.tasks.all()), asked_skills(draft, visible, [], needs[target.pk])
        ratings = {skill.pk: Rating(skill=skill, level=level_of(skill), confirmed_at=NOW) for skill in skills}
        answers = Answers(draft, skills, ratings, None, needs[target.pk], tasks)
        return sum(page.seconds(answers) for page in build_wizard(answers).pages)

    return max(targets, key=seconds)


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_minutes_of_the_assessment_are_within_the_limits(signed_in, user, mode):
    load_skills(groups=read_skills())
    check(signed_in, user, mode)


@pytest.mark.parametrize(("mode", "roles"), [("quick", [NURSE, ""]), ("full", [NURSE])])
def test_also_with_the_slowest_target_of_the_catalogue(signed_in, user, mode, roles):
    """All are compared by the estimate, which is quick; the real pages are read for the slowest."""
    copy_shipped_catalogue()
    target = slowest_target(mode, user)
    for role in roles:
        with undone():
            check(signed_in, user, mode, target, role)
