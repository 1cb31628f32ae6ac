"""How long the wizard takes: a scripted reader goes through the real pages with the real catalogue."""

import pytest
from django.urls import reverse

from careerplan.catalogue.content import read_skills
from careerplan.catalogue.models import Occupation, OccupationNeed, Skill
from careerplan.catalogue.services import load_skills
from careerplan.skills import services
from careerplan.skills.models import Assessment
from careerplan.skills.queries import load_wizard, offers
from tests.factories.skills import NOW
from tests.skills.reader import Reader

pytestmark = pytest.mark.django_db
MOST_MINUTES = {"quick": 5, "full": 12}
EDUCATION = {"level": "bachelor", "enough": "yes"}


def answers_on(page, draft) -> dict[str, str]:
    """What somebody answers: levels from 1 to 5 in turn; proposals are taken."""
    plain = {
        "where-you-are": {"career_stage": "promotion"},
        "where-you-want-to-be": {"target_role": "Manager", "target_occupation": draft.target_occupation_id or ""},
        "education": EDUCATION,
    }
    if page.key in plain:
        return plain[page.key]
    if page.key == "strengths":
        answers = load_wizard(draft).answers
        return {f"verdict-{r.skill_id}": answers.verdict_for(r) for r in answers.levels}
    return {f"skill-{skill.pk}": str((skill.pk * 7) % 5 + 1) for skill in page.skills}


def aim(draft: Assessment) -> None:
    occupation = Occupation.objects.create(code="11-1011.00", title="Managers", is_rated=True, source="test")
    for place, skill in enumerate(Skill.objects.catalogue()):
        OccupationNeed.objects.create(occupation=occupation, skill=skill, level=place % 5, importance=3)
    services.save_direction(assessment=draft, changes={"target_occupation": occupation}, now=NOW)


def read_through(client, user, mode: str, *, with_target: bool) -> tuple[list[float], list[int]]:
    """Goes through all pages; gives the seconds each took, and the minutes left that each said."""
    draft = services.start_assessment(user=user, mode=Assessment.Mode(mode), now=NOW)
    if with_target:
        aim(draft)
    reader, seconds, said = Reader(), [], []
    where = reverse("skills:page", args=["where-you-are"])
    for _ in range(40):
        wizard = load_wizard(Assessment.objects.get(pk=draft.pk))
        page = wizard.page(where.strip("/").split("/")[-1])
        content = client.get(where).content.decode()
        extra = 0 if page.skills else 4 * page.choices
        said.append(wizard.minutes_left)
        seconds.append(reader.read(content) + extra)
        if page.key == "check":
            return seconds, said
        draft.refresh_from_db()
        where = client.post(where, {**answers_on(page, draft), "go": "next"}).url
    raise AssertionError("the wizard does not end")


@pytest.mark.parametrize("with_target", [False, True])
@pytest.mark.parametrize("mode", ["quick", "full"])
def test_it_takes_as_long_as_it_may_and_as_it_says(signed_in, user, mode, with_target):
    load_skills(groups=read_skills())
    offered = {offer.key: offer.minutes for offer in offers(user, NOW)}[mode]
    seconds, said = read_through(signed_in, user, mode, with_target=with_target)
    minutes = sum(seconds) / 60
    assert minutes < MOST_MINUTES[mode], (minutes, offered, said)
    assert abs(offered - minutes) <= minutes / 3
    for page in range(len(said)):
        left = sum(seconds[page:]) / 60
        assert abs(said[page] - left) <= left / 3 + 0.5, (page, said[page], left)  # it is said in whole minutes
