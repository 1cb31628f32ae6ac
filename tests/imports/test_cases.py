"""The files of tests/cases: whatever can be read in them is read, and the rest is listed with its place."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careerplan.account_data.file_format import InvalidFile
from careerplan.catalogue.models import Skill
from careerplan.imports.parser import parse_cv
from careerplan.imports.queries import propose_skills
from tests.imports.files import CASES, TODAY

NURSE = ["Practice nurse"]


def read(name):
    with (CASES / name).open("rb") as file:
        return parse_cv(file, today=TODAY)


def roles(cv):
    return [one.role for one in cv.positions]


@pytest.mark.parametrize(
    ("name", "skills", "jobs", "left_out"),
    [
        ("skills-as-texts", ["Patient care", "Leadership"], NURSE, set()),
        ("keywords-odd", ["Care", "Wound care", "Triage", "Excel"], NURSE, {"skills, entry 2, keywords"}),
        ("skills-as-groups", ["Triage", "Leadership"], NURSE, set()),
        ("null-entry", ["Patient care"], NURSE, set()),
        ("year-as-number", ["Patient care"], NURSE, set()),
        ("one-bad-of-three", ["Patient care"], [*NURSE, "Ward clerk"], {"work, entry 3, position"}),
        ("area-as-list", ["Patient care"], [], set()),
        ("label-by-language", ["Patient care"], ["Nurse"], set()),
        ("loose-json", ["Patient care"], NURSE, set()),
        ("wrapped", ["Patient care"], NURSE, set()),
        ("in-a-list", ["Patient care"], NURSE, set()),
        ("latin1", ["Patient care"], ["Infirmière"], set()),
        ("control-character", ["Patient care"], NURSE, {"skills, entry 1", "work, entry 1"}),
        ("title-not-position", ["Patient care"], ["Fitter", "Gardener", "Cook"], set()),
        ("skill-shapes", ["Git", "Welding", "Bookbinding"], NURSE, set()),
        ("unread-sections", ["Patient care", "Polish"], ["First aider"], {"projects", "awards"}),
        ("names-of-builders", ["Polish", "Lathe", "Flask", "Patient care", "C&C++"], NURSE, set()),
    ],
)
def test_json_resume(name, skills, jobs, left_out):
    cv = read(f"resumes/{name}.json")
    assert (cv.skills, roles(cv)) == (skills, jobs)
    assert {one.place for one in cv.left_out} == left_out
    assert all(one.reason for one in cv.left_out)


def test_values_of_json_resumes():
    assert read("resumes/year-as-number.json").positions[0].span == "2018 – 2020"
    assert read("resumes/latin1.json").positions[0].organisation == "Hôpital Saint-Exemple"
    (school,) = read("resumes/area-as-list.json").schools
    assert (school.level, school.field) == ("bachelor", "Biology, Chemistry")
    assert read("resumes/unread-sections.json").certificates == ["Forklift licence"]


def test_words_for_now():
    jobs = read("resumes/words-for-now.json").positions
    assert [one.organisation for one in jobs if one.is_current] == [f"Firm {number}" for number in range(1, 15)]
    assert jobs[14].span == "Jan 2020 – Sep 2023"


def test_levels_of_degrees():
    levels = json.loads((CASES / "resumes/degrees.expected.json").read_text())["levels"]
    schools = read("resumes/degrees.json").schools
    assert len(schools) == len(levels)
    wrong = [
        (words, one.level)
        for one, (words, right) in zip(schools, levels, strict=True)
        if one.level not in right.split("|")
    ]
    assert wrong == []


TWO, CLERK = ["Spreadsheets", "Leadership"], ["Planner", "Clerk"]


@pytest.mark.parametrize(
    ("name", "skills", "jobs"),
    [
        ("good.zip", TWO, CLERK),
        ("quote-inside.zip", TWO, CLERK),
        ("quote-open.zip", TWO, ["Clerk"]),
        ("certificates-without-issuer.zip", TWO, CLERK),
        ("two-folders.zip", [*TWO, "Bookbinding"], CLERK),
        *[(f"headers-{language}.zip", TWO, CLERK) for language in ("de", "es", "fr", "pt")],
        ("file-names-de.zip", ["Spreadsheets"], ["Planner"]),
        ("only-profile.zip", [], ["Data analyst"]),
        ("zip-in-zip.zip", TWO, CLERK),
        ("export.tar.gz", TWO, CLERK),
        ("Skills.csv", TWO, []),
        ("Positions.csv", [], CLERK),
    ],
)
def test_linkedin(name, skills, jobs):
    cv = read(f"linkedin/{name}")
    assert (cv.skills, roles(cv)) == (skills, jobs)
    assert {one.place for one in cv.left_out} == ({"Positions, row 3"} if name == "quote-open.zip" else set())


def test_dates_of_linkedin():
    jobs = read("linkedin/dates.zip").positions
    assert [one.is_current for one in jobs] == [True, False, False]
    assert jobs[2].span == "Jan 2016 – Dec 2017"


@pytest.mark.parametrize(
    ("name", "skills", "jobs", "certificates"),
    [
        ("cv.docx", ["bookbinding", "leading a team"], ["Bookbinder"], []),
        ("europass.xml", [], ["Bookbinder"], []),
        ("open-badge-3.json", [], [], ["First aid at work, Town Rescue, May 2024"]),
        ("reactive-resume.json", ["Bookbinding", "Gilding"], ["Bookbinder"], []),
        ("esco.csv", ["bind books"], [], []),
    ],
)
def test_formats_of_others(name, skills, jobs, certificates):
    cv = read(f"other-formats/{name}")
    assert (cv.skills, roles(cv), cv.certificates) == (skills, jobs, certificates)
    assert all(one.is_current for one in cv.positions)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("goals.xlsx", "Excel"),
        ("todoist.csv", "Todoist"),
        ("asana.csv", "Asana"),
        ("trello.json", "Trello"),
        ("goals.csv", "goals"),
    ],
)
def test_file_of_another_kind_is_named(name, words):
    with pytest.raises(InvalidFile) as refused:
        read(f"other-formats/{name}")
    assert words in str(refused.value)
    assert "Skills.csv" not in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        *[("cv.docx", "Word"), ("goals.xlsx", "Excel"), ("europass.xml", "Europass"), ("open-badge-3.json", "Badge")],
        *[("reactive-resume.json", "Reactive Resume"), ("todoist.csv", "Todoist"), ("asana.csv", "Asana")],
        *[("trello.json", "Trello"), ("goals.csv", "goals"), ("esco.csv", "ESCO")],
    ],
)
def test_file_of_another_kind_is_named_on_the_page_of_exports(signed_in, name, words):
    file = SimpleUploadedFile("data", (CASES / "other-formats" / name).read_bytes())
    form = signed_in.post(reverse("account_data:import"), {"file": file}).context["form"]
    assert form.has_error("file", "rejected")
    assert words in form.errors["file"][0]


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped_catalogue")
class TestNames:
    """Only the name of a skill, or a listed other name, is sure."""

    def test_part_of_a_name_is_a_guess(self, user):
        found, _own = propose_skills(user, read("resumes/part-of-a-name.json"))
        assert [one.name for one in found if one.how == "name"] == ["Leading a team"]
        guesses = {name: one.name for one in found if one.how == "part" for name in one.names}
        assert guesses["Technical Writing"] == "Writing"
        assert guesses["Electronics Repair"] == "Repairing things"
        assert guesses["Training"] == "Teaching others"
        assert guesses["Multitasking"] == "Managing time"
        assert "Neural Networks" not in guesses
        own = {one.name for one in found if one.how == "own"}
        assert own >= {"Technical Writing", "Neural Networks", "Training"}  # each may be a skill of its own

    @pytest.mark.parametrize(
        "name", ["Networks", "Listen", "Writer", "Leading", "Negotiation theory", "Sales tax law", "Budget airlines"]
    )
    def test_word_with_the_same_stem_is_never_sure(self, user, name):
        cv = read("resumes/skills-as-texts.json")
        cv.skills[:] = [name]
        found, _own = propose_skills(user, cv)
        assert "name" not in {one.how for one in found}

    def test_newest_of_two_current_jobs_is_preselected(self, signed_in):
        form = look(signed_in, "resumes/two-current.json")
        assert form.proposals.positions[int(form.initial["position"])].role == "Buyer"

    def test_limit_of_own_skills_is_told_before_sending(self, signed_in):
        form = look(signed_in, "resumes/fifty-one-own-skills.json")
        assert "50" in form.own_limit
        assert "51" in form.own_limit
        Skill.objects.filter(owner__isnull=False).delete()
        assert look(signed_in, "resumes/skills-as-texts.json").own_limit == ""


def look(client, name):
    file = SimpleUploadedFile("data", (CASES / name).read_bytes())
    return client.post(reverse("imports:choose"), {"file": file}).context["form"]
