"""What is proposed, and what becomes of what is picked."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.account_data.partial_exports import json_resume_for
from careerplan.catalogue.models import Skill
from careerplan.imports import services
from careerplan.imports.content import CvContent, CvSchool
from careerplan.imports.queries import ProposedSkill, assessment_answers, make_proposals, sign_proposals
from careerplan.imports.services import CvSelection, import_selection
from careerplan.plans.services import ensure_active_plan, set_direction
from careerplan.skills.models import Assessment, Education
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import discard_draft
from careerplan.skills.services.finish import _direction_of, finish_assessment
from careerplan.skills.services.own_skills import delete_own_skill
from tests.database import fingerprint
from tests.factories.accounts import PASSWORD
from tests.factories.skills import NOW, answer_ratings, make_answered_draft, make_catalogue, make_draft
from tests.factories.skills import make_finished_assessment as make_finished
from tests.imports.files import LINKEDIN, SAMPLE, json_of
from tests.imports.picking import PICK, asked, draft, found, look, pick, sealed_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _catalogue():
    make_catalogue()


def test_archived_skills_and_those_of_others_are_not_proposed(user, other_user):
    Skill.objects.create(name="Pottery", owner=other_user)
    Skill.objects.create(name="Weaving", owner=user, archived_at=NOW)
    assert [how for _name, how, _names in found(user, "Pottery", "Weaving")] == ["own", "own"]


def test_imported_skills_are_asked_until_rated(user):
    work = Skill.objects.get(key="t-money-1")  # not one of the core that a quick assessment asks
    skills = [ProposedSkill(work.pk, work.name, "name"), ProposedSkill(None, "Pottery", "own")]
    import_selection(user=user, picked=CvSelection(skills=skills), seen=assessment_answers(user), now=NOW)
    assert asked() == {"Thinking skill 0", "Money skill 0", "Talking skill 0", "Money skill 1", "Pottery"}
    answers = load_wizard(draft()).answers
    assert not answers.has_rated([work])
    answer_ratings(draft())
    assert set(draft().ratings.values_list("skill__name", flat=True)) == asked()


def test_imported_own_skill_can_be_deleted(signed_in, user):
    import_selection(
        user=user,
        picked=CvSelection(skills=[ProposedSkill(None, "Pottery", "own")]),
        seen=assessment_answers(user),
        now=NOW,
    )
    delete_own_skill(skill=Skill.objects.get(name="Pottery"), now=NOW)
    assert "Pottery" not in asked()


def test_import_is_idempotent(signed_in):
    response = look(signed_in, SAMPLE)
    picks = {"skills": ["0", "1"], "position": "0", "school": "0"}
    first = pick(signed_in, response, **picks)
    told = [*Assessment.objects.values("pk", "also_asked", "current_role"), *Education.objects.values()]
    own = Skill.objects.filter(owner__isnull=False).count()
    assert pick(signed_in, response, **picks).url == first.url
    assert [*Assessment.objects.values("pk", "also_asked", "current_role"), *Education.objects.values()] == told
    assert Skill.objects.filter(owner__isnull=False).count() == own == 2


def test_certificates_are_added_once(user):
    make_draft(user)
    save_education(assessment=draft(), changes={"credentials": "First aid at work\nWelding"}, now=NOW)
    lines = ["First Aid at Work", "Driving licence"]
    import_selection(user=user, picked=CvSelection(certificates=lines), seen=assessment_answers(user), now=LATER)
    assert draft().education.credentials == "First aid at work\nWelding\nDriving licence"


def test_only_new_skills_are_asked_after_an_assessment(signed_in, user):
    before = make_finished(user, mode=Assessment.Mode.FULL)
    rated = before.ratings.count()
    response = look(signed_in, json_of(skills=[{"name": "Pottery"}], certificates=[{"name": "Kiln"}]))
    pick(signed_in, response, skills=["0"], certificates=["0"])
    wants = {rating.skill.name for rating in before.ratings.filter(wants_to_learn=True)}
    assert asked() == wants | {"Pottery"}
    assert draft().ratings.count() == rated  # as old as they are
    assert not draft().ratings.filter(skill__name="Pottery").exists()
    assert draft().education.credentials == "Kiln"


def test_role_of_the_plan_is_not_preselected_over(signed_in, user):
    plan = ensure_active_plan(user=user, today=NOW.date())
    direction = {name: getattr(plan, name) for name in _direction_of(plan)}  # type: ignore[arg-type]
    set_direction(plan=plan, direction={**direction, "current_role": "Sister"})
    response = look(signed_in, LINKEDIN)
    assert response.context["form"].initial["position"] == ""
    assert response.context["form"].proposals.seen.role == "Sister"
    pick(signed_in, response, position="", certificates=["0"])
    assert draft().current_role == ""


def test_role_changed_in_another_tab_is_not_overwritten(signed_in, user):
    make_draft(user)
    response = look(signed_in, LINKEDIN)
    save_direction(assessment=draft(), changes={"current_role": "Baker"}, now=NOW)
    before = fingerprint()
    answer = pick(signed_in, response, position="0", skills=["0"])
    assert answer.context["form"].has_error("__all__", "answers-changed")
    assert answer.context["form"].proposals.seen.role == "Baker"
    assert answer.context["form"]["position"].value() == "0"
    assert fingerprint() == before
    assert pick(signed_in, answer, position="0", skills=["0"]).status_code == 302
    assert draft().current_role == "Data Analyst"


def test_education_changed_in_another_tab_is_not_overwritten(user):
    make_draft(user)
    seen = assessment_answers(user)
    save_education(assessment=draft(), changes={"level": "master", "field": "Law"}, now=NOW)
    with pytest.raises(services.AnswersChanged):
        import_selection(user=user, picked=CvSelection(school=CvSchool("A", "BSc", "bachelor", "")), seen=seen, now=NOW)
    assert draft().education.level == "master"


@pytest.mark.parametrize("end", ["finish", "discard"])
def test_ended_draft_is_not_started_again(signed_in, user, end):
    make_answered_draft(user)
    response = look(signed_in, LINKEDIN)
    if end == "finish":
        finish_assessment(assessment=draft(), now=LATER, today=LATER.date())
    else:
        discard_draft(user=user)
    answer = signed_in.post(PICK, {"proposals": sealed_in(response), "skills": ["0"]}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("imports:choose")
    assert not Assessment.objects.drafts().exists()


def test_finished_import_is_not_started_again(signed_in, user):
    response = look(signed_in, LINKEDIN)
    pick(signed_in, response, certificates=["0"])
    discard_draft(user=user)
    make_finished(user)
    pick(signed_in, response, certificates=["0"])
    assert not Assessment.objects.drafts().exists()


def test_too_many_own_skills_are_rejected(signed_in, user):
    for number in range(49):
        Skill.objects.create(name=f"Own {number}", owner=user)
    response = look(signed_in, json_of(skills=[{"name": "Pottery"}, {"name": "Weaving"}]))
    before = fingerprint()
    answer = pick(signed_in, response, skills=["0", "1"])
    assert answer.context["form"].has_error("skills", "too-many")
    assert answer.context["form"]["skills"].value() == ["0", "1"]
    assert fingerprint() == before
    assert pick(signed_in, response, skills=["0"]).status_code == 302


def test_too_long_certificates_are_rejected(signed_in, user):
    response = look(signed_in, json_of(certificates=[{"name": f"{number} {'x' * 190}"} for number in range(20)]))
    before = fingerprint()
    answer = pick(signed_in, response, certificates=[str(number) for number in range(20)])
    assert answer.context["form"].has_error("certificates", "too-long")
    assert fingerprint() == before


def test_empty_selection_is_rejected(signed_in):
    answer = pick(signed_in, look(signed_in, LINKEDIN), position="", school="")
    assert answer.context["form"].has_error("__all__", "nothing-ticked")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "picks", [{"skills": ["99"]}, {"position": "x"}, {"school": "-1"}, {"certificates": ["0", "01"]}, {"skills": [""]}]
)
def test_selection_outside_the_proposals_is_rejected(signed_in, picks):
    answer = pick(signed_in, look(signed_in, LINKEDIN), **picks)
    (name,) = picks
    assert answer.context["form"].has_error(name, "invalid_choice")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "\0"])
def test_forged_proposals_are_rejected(signed_in, text):
    answer = signed_in.post(PICK, {"proposals": text, "skills": ["0"]})
    assert answer.url == reverse("imports:choose")
    assert not Assessment.objects.exists()


def test_proposals_of_another_user_are_rejected(signed_in, other_user):
    own = Skill.objects.create(name="Pottery", owner=other_user)
    skills = [ProposedSkill(own.pk, own.name, "name", [own.name])]
    sealed = sign_proposals(make_proposals(CvContent(), skills, assessment_answers(other_user)), other_user)
    assert signed_in.post(PICK, {"proposals": sealed, "skills": ["0"]}).url == reverse("imports:choose")
    assert not Assessment.objects.exists()


def test_skill_of_another_user_is_not_imported(user, other_user):
    own = Skill.objects.create(name="Pottery", owner=other_user)
    import_selection(
        user=user,
        picked=CvSelection(skills=[ProposedSkill(own.pk, "Pottery", "name")]),
        seen=assessment_answers(user),
        now=NOW,
    )
    assert draft().also_asked == []


def test_proposals_expire(signed_in):
    response = look(signed_in, LINKEDIN)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert signed_in.post(PICK, {"proposals": sealed_in(response), "certificates": ["0"]}).url != reverse(
            "skills:continue"
        )
    assert not Assessment.objects.exists()


def test_selection_survives_an_expired_session(signed_in, user):
    client = Client()
    where = {"login": user.email, "password": PASSWORD}
    client.post(reverse("account_login"), where)
    response = look(client, LINKEDIN)
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    sent = pick(client, response, skills=["1"], position="1")
    assert sent.url.startswith(reverse("account_login"))
    answer = client.post(reverse("account_login"), {**where, "next": PICK}, follow=True)
    assert answer.request["PATH_INFO"] == PICK
    form = answer.context["form"]
    assert (form["skills"].value(), form["position"].value(), form.errors) == (["1"], "1", {})
    assert not Assessment.objects.exists()
    assert pick(client, answer, skills=["1"], position="1").url == reverse("skills:continue")


def test_exported_json_resume_can_be_imported(signed_in, user):
    make_finished(user)
    resume = json.dumps(json_resume_for(user)).encode()
    form = look(signed_in, resume).context["form"]
    assert [one.role for one in form.proposals.positions] == ["Senior staff nurse"]
    assert [(one.level, one.field) for one in form.proposals.schools] == [("bachelor", "nursing")]
    assert {one.how for one in form.proposals.skills} == {"name"}


@pytest.mark.parametrize("count", [1, 30])
def test_number_of_queries_is_constant(signed_in, count, django_assert_num_queries):
    data = json_of(
        skills=[{"name": f"Skill {number}"} for number in range(count)],
        work=[{"position": f"Role {number}"} for number in range(count)],
        education=[{"studyType": f"BSc, {number}"} for number in range(count)],
        certificates=[{"name": f"Certificate {number}"} for number in range(count)],
    )
    signed_in.get(reverse("skills:home"))
    with django_assert_num_queries(LOOKING):
        response = look(signed_in, data)
    assert len(response.context["form"].proposals.skills) == count


LOOKING = 10  # two slots taken and given back, user, skills, alike, draft, inventory, plan


def test_import_is_linked_from_skills_and_data(signed_in, user):
    link = f'href="{reverse("imports:choose")}"'
    assert link in signed_in.get(reverse("skills:start")).content.decode()
    assert link in signed_in.get(reverse("account_data:home")).content.decode()
    make_finished(user)
    assert link in signed_in.get(reverse("skills:results")).content.decode()


def test_selection_page_without_a_file_redirects(signed_in):
    assert signed_in.get(PICK).url == reverse("imports:choose")
