"""The page of an occupation, signed out and signed in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from careerplan.catalogue.models import Occupation, OccupationTask, Skill, SkillGroup
from careerplan.explore.tryout import signup_path
from careerplan.plans.models import Plan
from tests.explore.pages import INDEX, NURSE, TARGET, main_of, path_of, text_of
from tests.factories.skills import make_occupation, make_results

pytestmark = pytest.mark.django_db
BUTTON = "Make this my target role"
PRIVATE_PAGES = (INDEX, "/occupations/health/", f"{INDEX}?q=qqqq", NURSE)


def test_page_says_what_people_do_and_need(client, nurse, skills):
    page = text_of(client.get(NURSE))
    for words in ("Plans and gives care.", "Staff nurse", "Bachelor's degree", "Drip stands", "O*NET 29.3 Database"):
        assert words in page
    assert page.index("Gives medicines") < page.index("Puts in drips")
    assert f"{skills[0].name} 4 advanced" in page
    assert f"{skills[1].name} 2 basic" in page
    assert "licence or registration" in page


def test_head_is_made_for_search_engines(client, nurse, settings):
    head = client.get(NURSE).content.decode().partition("</head>")[0]
    assert re.search(r"<title>\s*Registered nurse\s+· Careerplan</title>", head)
    assert 'name="description" content="Registered nurse: Plans and gives care.' in head
    assert f'<link rel="canonical" href="{settings.BASE_URL}{NURSE}">' in head


@pytest.mark.parametrize("zone", [None, 1])
def test_occupation_of_which_little_is_known_has_a_page(client, skills, zone):
    bare = make_occupation(code="29-9999.00", title="Healer", job_zone=zone)
    page = text_of(client.get(path_of(bare)))
    assert "Our sources have no levels for this occupation" in page
    for words in (
        "What they do",
        "Tools",
        "Related occupations",
        "Source and licence",
        "Usual education",
        "licence",
    ):
        assert words not in page.replace("Education and licences", "")


def test_three_other_titles_are_named_ours_first(client, nurse):
    nurse.other_titles.create(title="A title of a release")
    for title in ("Ward nurse", "RGN", "Bank nurse"):
        nurse.other_titles.create(title=title, is_curated=True)
    assert "<dd>Staff nurse, Ward nurse, RGN</dd>" in main_of(client.get(NURSE))


@pytest.mark.parametrize(
    "path",
    [
        "/occupations/health/29-1141/",
        "/occupations/health/29-1141-00/",
        "/occupations/health/old-title-29-1141/",
        "/occupations/building/registered-nurse-29-1141/",
        "/occupations/nonsense/registered-nurse-29-1141/",
        "/occupations/health/Registered_Nurse-29-1141/",
    ],
)
def test_another_form_of_the_address_redirects_permanently(client, nurse, path):
    response = client.get(path)
    assert (response.status_code, response.url) == (301, NURSE)


@pytest.mark.parametrize("key", ["registered-nurse", "29-1141-01", "registered-nurse-29-9999", "129-1141", "x", "2-9"])
def test_unknown_occupation_is_not_found(client, nurse, key):
    assert client.get(f"/occupations/health/{key}/").status_code == 404


def test_withdrawn_occupation_is_not_found(client, nurse):
    Occupation.objects.update(is_current=False)
    assert client.get(NURSE).status_code == 404


def test_two_occupations_with_the_same_title_have_two_pages(client, nurse):
    other = make_occupation(code="29-1141.01", title="Registered nurse", description="Works in emergencies.")
    assert path_of(other) != NURSE
    assert "Works in emergencies." in text_of(client.get(path_of(other)))
    assert "Plans and gives care." in text_of(client.get(NURSE))


def test_needs_are_in_two_lists_most_important_first(client, skills):
    group = SkillGroup.objects.create(key="t-known", name="Known", kind="knowledge", position=9)
    known = Skill.objects.create(key="t-law", name="Law", kind="knowledge", group=group)
    work = [Skill.objects.create(key=f"t-w{n}", name=f"Work {n}", kind="work", group=skills[0].group) for n in range(8)]
    needs = {skill.pk: (3, 3 + place / 10) for place, skill in enumerate(work)}
    unneeded = {skills[0].pk: (5, 2.9), skills[1].pk: (0, 4)}
    judge = make_occupation(code="23-1023.00", title="Judge", needs=needs | unneeded | {known.pk: (5, 5)})
    page = main_of(client.get(path_of(judge)))
    names = re.findall(r'cp-needs-name">([^<]+)<', page)
    assert names == ["Work 7", "Work 6", "Work 5", "Work 4", "Work 3", "Work 2", "Law", "Work 1", "Work 0"]
    assert "Show 2 more" in page
    cells = re.findall(r'<rect class="(c-have|c-track)"', page)
    assert (cells.count("c-have"), cells.count("c-track")) == (8 * 3 + 5, 8 * 2)


def make_related(nurse: Occupation, *rows: tuple[str, str, int | None, bool]) -> None:
    for position, (code, title, zone, is_primary) in enumerate(rows):
        other = make_occupation(code=code, title=title, job_zone=zone)
        nurse.relations.create(related=other, position=position, is_primary=is_primary)


def related_titles(page: str) -> dict[str, list[str]]:
    parts = re.split(r'<h3 class="cp-needs-head">', page.partition("Related occupations")[2])[1:]
    return {part.partition("<")[0]: re.findall(r'<h4><a href="[^"]+">([^<]+)<', part) for part in parts}


def test_related_occupations_are_in_four_lists_closest_first(client, nurse):
    make_related(
        nurse,
        ("29-2001.00", "Same, loose", 4, False),
        ("29-2002.00", "Same, close", 3, True),
        ("29-2003.00", "Step up", 5, True),
        ("11-2004.00", "Leads them", 4, True),
        ("31-2005.00", "Unknown length", None, True),
    )
    manager = make_occupation(code="11-9111.00", title="Runs the ward", job_zone=nurse.job_zone)
    manager.relations.create(related=nurse, position=0)
    assert related_titles(main_of(client.get(NURSE))) == {
        "Work like this": ["Same, close", "Same, loose"],
        "A step up": ["Step up", "Leads them", "Runs the ward"],
        "Another field": ["Unknown length"],
    }
    page = main_of(client.get("/occupations/managing/runs-the-ward-11-9111/"))
    assert related_titles(page) == {"Work that can lead here": [nurse.title]}


def test_at_most_four_of_each_and_none_that_takes_two_zones_more_or_is_withdrawn(client, nurse):
    Occupation.objects.filter(pk=nurse.pk).update(job_zone=3)
    make_related(
        nurse, ("29-3000.00", "Far above", 5, True), *((f"29-200{n}.00", f"Like {n}", 3, True) for n in range(6))
    )
    Occupation.objects.filter(title="Like 0").update(is_current=False)
    expected = {"Work like this": ["Like 1", "Like 2", "Like 3", "Like 4"]}
    assert related_titles(main_of(client.get(NURSE))) == expected


def test_signed_out_page_offers_to_sign_up(client, nurse):
    page = main_of(client.get(NURSE))
    assert f'href="{signup_path(nurse)}"' in page
    assert "<form" not in page


def test_signed_in_user_can_make_it_the_target(signed_in, user, nurse):
    page = main_of(signed_in.get(NURSE))
    assert BUTTON in page
    assert reverse("account_signup") not in page
    assert f'action="{TARGET}"' in page
    key = re.search(r'name="occupation" value="(\d+)"', page)[1]
    signed_in.post(TARGET, {"occupation": key})
    assert Plan.objects.for_user(user).active().get().target_occupation == nurse
    page = main_of(signed_in.get(NURSE))
    assert BUTTON not in page
    assert "Your target role" in page


def test_without_results_the_levels_are_as_for_everyone(signed_in, nurse):
    page = text_of(signed_in.get(NURSE))
    assert "Start the assessment" in page
    assert "See your gaps" not in page
    assert "You " not in page.partition("What you need")[2].partition("Education")[0]


def test_results_show_the_own_level_beside_the_level_needed(signed_in, user, nurse, skills):
    make_results(user, levels={skills[0].pk: 1})
    response = signed_in.get(NURSE)
    page = text_of(response)
    assert re.sub(r"\s+", " ", f"{skills[0].name} You 1 , needed 4 advanced") in page
    assert f"{skills[1].name} 2 basic" in page  # not rated
    assert "You have the level needed for 0 of the 1 needed skill you rated" in page
    assert f"Largest gaps: {skills[0].name}." in page
    link = f"{reverse('skills:results', args=['gaps'])}?occupation={nurse.pk}"
    assert f'href="{link}"' in main_of(response)
    assert signed_in.get(link).status_code == 200


def test_results_link_to_the_needed_skills_that_are_not_rated(signed_in, user, nurse, skills):
    make_results(user, levels={skills[0].pk: 1})
    others = nurse.needs.filter(importance__gte=3, level__gte=1).exclude(skill=skills[0]).order_by("skill__name")
    query = "&amp;".join(f"skill={pk}" for pk in others.values_list("skill_id", flat=True))
    assert f'href="{reverse("skills:start")}?{query}"' in main_of(signed_in.get(path_of(nurse)))


def test_levels_of_others_are_not_shown(signed_in, other_user, nurse, skills):
    make_results(other_user, levels={skills[0].pk: 1})
    assert "Start the assessment" in text_of(signed_in.get(NURSE))


@pytest.mark.parametrize("path", PRIVATE_PAGES)
def test_caches_may_keep_what_everyone_sees(nurse, path):
    response = Client().get(path)
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" in response.headers["Vary"]
    assert not response.cookies


def test_caches_may_keep_redirects(nurse):
    for path in ("/occupations/health/29-1141/", f"{INDEX}?q=registered+nurse"):
        assert Client().get(path).headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("path", PRIVATE_PAGES)
def test_pages_with_a_session_are_not_cached(signed_in, nurse, path):
    assert "no-store" in signed_in.get(path).headers["Cache-Control"]
    signed_in.logout()  # a session of someone who is signed out may hold a message
    session = signed_in.session
    session["anything"] = 1
    session.save()
    assert "no-store" in signed_in.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", PRIVATE_PAGES)
def test_pages_are_for_reading(client, nurse, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("each", [1, 30])
def test_the_number_of_queries_does_not_grow(signed_in, user, nurse, skills, each, django_assert_num_queries):
    make_results(user, levels={skills[0].pk: 1})
    for number in range(each):
        nurse.other_titles.create(title=f"Title {number}")
        nurse.tasks.create(text=f"Task {number}", position=number + 5)
    make_related(nurse, *((f"29-2{n:03}.00", f"Like {n}", 3 + n % 3, True) for n in range(each)))
    with django_assert_num_queries(5):
        assert Client().get(NURSE).status_code == 200
    signed_in.get(NURSE)
    with django_assert_num_queries(10):
        assert signed_in.get(NURSE).status_code == 200


def test_every_link_leads_to_a_page_and_every_shipped_occupation_has_one(client, shipped, subtests):
    pages, todo = {}, [INDEX]
    while todo:
        path = todo.pop()
        response = client.get(path)
        assert response.status_code == 200, path
        pages[path] = response
        links = set(re.findall(r'href="(/occupations/[^"?]*)"', response.content.decode()))
        todo += links - pages.keys() - set(todo)
    tried = {path for path in pages if path.endswith("/try/")}
    assert len(pages) - len(tried) == 1 + 23 + 257
    assert len(tried) >= 250
    tasks = dict.fromkeys(Occupation.objects.values_list("pk", flat=True), ())
    for pk, text in OccupationTask.objects.values_list("occupation_id", "text"):
        tasks[pk] += (text,)
    for occupation in Occupation.objects.all():
        with subtests.test(occupation.title):
            page = text_of(pages[path_of(occupation)])
            assert [text for text in tasks[occupation.pk] if text not in page] == []
            assert len(tasks[occupation.pk]) >= 8
            assert "%" not in page
            assert "Our sources have no levels" not in page
            assert "Source and licence" in page
