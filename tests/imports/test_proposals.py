"""What is proposed of a file, with the skills that we ship."""

from html import unescape

import pytest
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.skills.models import Rating
from tests.database import fingerprint
from tests.imports.files import LINKEDIN
from tests.imports.picking import asked, draft, found, look, pick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]


def test_names_are_matched_to_skills(user):
    Skill.objects.create(name="Data analysis", owner=user)
    names = (
        "SQL",
        "negotiating ",
        "Programing",
        "Data Analysis",
        "Python (Programming Language)",
        "Pottery",
        "C++",
        "書道",
    )
    assert found(user, *names) == [
        ("Programming", "name", ["SQL", "Programing", "Python (Programming Language)"]),
        ("Negotiating", "name", ["negotiating "]),
        ("Data analysis", "name", ["Data Analysis"]),
        ("Pottery", "own", ["Pottery"]),
        ("C++", "own", ["C++"]),
        ("書道", "own", ["書道"]),
    ]
    assert found(user, "Critcal thinking") == [("Critical thinking", "alike", ["Critcal thinking"])]
    assert found(user) == []


def test_linkedin_export_is_proposed(signed_in):
    before = fingerprint()
    response = look(signed_in, LINKEDIN)
    page = unescape(response.content.decode())
    assert "“SQL”, “Python (Programming Language)”" in page
    assert "Data Analyst, Example Analytics, Jun 2021" in page
    assert "Bachelor's degree, Economics (University of Example)" in page
    form = response.context["form"]
    ticked = [form.proposals.skills[int(place)].name for place in form.initial["skills"]]
    assert set(ticked) == {"Programming", "Helping people", "Digital skills", "English"}
    assert [str(box.data["label"]) for box, _hint in form.own_skills()] == [
        *("Microsoft Power BI", "Data Analysis", "Communication", "Polish", "French"),
    ]
    assert fingerprint() == before


def test_selection_goes_into_a_new_draft_unrated(signed_in, user):
    response = look(signed_in, LINKEDIN)
    names = [one.name for one in response.context["form"].proposals.skills]
    chosen = [str(names.index("Programming")), str(names.index("Data Analysis"))]
    answer = pick(signed_in, response, skills=chosen, position="0", school="0", certificates=["1"])
    assert (answer.status_code, answer.url) == (302, reverse("skills:continue"))
    new = draft()
    assert (new.mode, new.current_role, new.career_stage) == ("quick", "Data Analyst", "")
    education = new.education
    assert (education.level, education.field, education.enough) == ("bachelor", "Economics", "")
    assert education.credentials == "First Aid at Work"
    assert not Rating.objects.exists()
    assert {"Programming", "Data Analysis"} <= asked()
    # Of the rest nothing is left anywhere.
    assert list(Skill.objects.for_user(user).values_list("name", flat=True)) == ["Data Analysis"]
    assert signed_in.get(answer.url, follow=True).context["form"]["current_role"].value() == "Data Analyst"
