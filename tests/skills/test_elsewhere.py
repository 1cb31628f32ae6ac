"""What happens to a draft in another tab, on another server or in the catalogue while a page of it is open."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from careerplan.catalogue.models import Skill, SkillGroup
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.queries.results import build_results
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.drafts import discard_draft
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.own_skills import add_own_skill
from careerplan.skills.services.sorting import CategoryChange, save_categories
from tests.factories.skills import (
    NOW,
    answer_direction,
    make_answered_draft,
    make_catalogue,
    make_draft,
    make_finished_assessment,
    make_occupation,
)
from tests.skills.pages import text_of
from tests.skills.test_two_tabs import Tab

pytestmark = pytest.mark.django_db
LEARN = "skills-to-learn"


@contextmanager
def waiting(write: Callable[[], object]) -> Iterator[list[Exception]]:
    """Begins `write` on another connection once the block has written, and lets it wait for the block's end."""
    errors: list[Exception] = []
    backend = connection.cursor().connection.info.backend_pid

    def run() -> None:
        try:
            write()
        except Exception as error:  # noqa: BLE001 (told to the test)
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield errors
        thread.start()
        with connection.cursor() as cursor:
            for _ in range(200):  # until it stands behind us: 10 s at most
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))",
                    [backend],
                )
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.05)
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_discarding_keeps_an_assessment_that_is_being_finished(user):
    draft = make_answered_draft(user)
    with waiting(lambda: discard_draft(user=user)) as errors:
        finish_assessment(assessment=draft, now=NOW, today=NOW.date())
    assert errors == []
    assert list(Assessment.objects.finished()) == [draft]


@pytest.mark.django_db(transaction=True)
def test_discarding_waits_for_a_save(user):
    draft = make_draft(user)
    skill = load_wizard(draft).answers.skills[0]
    with waiting(lambda: discard_draft(user=user)) as errors:
        save_ratings(assessment=draft, levels={skill.pk: 4}, now=NOW)
    assert errors == []
    assert not Assessment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_simultaneous_saves_are_a_conflict(signed_in, user):
    draft = make_draft(user)
    mine, answers = Tab(signed_in, "where-you-are"), []
    typed = {"career_stage": "starting", "current_role": "Cook"}
    with waiting(lambda: answers.append(mine.leave(**typed))) as errors:
        save_direction(assessment=draft, changes={"current_role": "Baker"}, now=NOW)
    assert errors == []
    assert "Keep mine" in text_of(answers[0])
    draft.refresh_from_db()
    assert draft.current_role == "Baker"


@pytest.mark.django_db(transaction=True)
def test_finishing_twice_at_the_same_moment_is_finishing_once(user):
    draft = make_answered_draft(user)

    def finish(minute: int) -> Assessment:
        now = NOW + timedelta(minutes=minute)
        return finish_assessment(assessment=draft, now=now, today=now.date())

    with waiting(lambda: finish(2)) as errors:
        finish(1)
    assert errors == []
    assert Assessment.objects.get().finished_at == NOW + timedelta(minutes=1)


def test_a_skill_added_elsewhere_stays_wanted(signed_in, user):
    draft = make_answered_draft(user)
    mine, other = Tab(signed_in, LEARN), Tab(signed_in, LEARN)
    other.leave("add", own_name="Welsh", own_level="1")
    assert mine.leave().status_code == 302
    assert draft.ratings.get(skill__name="Welsh").wants_to_learn is True


def test_example_of_another_page_stays(signed_in, user):
    draft = make_draft(user)
    answer_direction(draft)
    first, second, *_ = load_wizard(draft).answers.skills
    save_ratings(assessment=draft, levels={first.pk: 4}, now=NOW)
    mine = Tab(signed_in, "strengths")
    save_ratings(assessment=draft, levels={second.pk: 4}, now=NOW)
    proof = CategoryChange("strength", "Asked for by others.")
    save_categories(assessment=draft, changes={second.pk: proof}, now=NOW)
    mine.leave("back", **{f"evidence-{first.pk}": "Mine."})
    assert draft.ratings.get(skill=first).evidence == "Mine."
    assert draft.ratings.get(skill=second).evidence == "Asked for by others."


def test_slow_clock_keeps_answers_in_this_assessment(user):
    draft = make_draft(user)
    skills = load_wizard(draft).answers.skills
    earlier = NOW - timedelta(seconds=3)
    save_ratings(assessment=draft, levels={skill.pk: 4 for skill in skills}, now=earlier)
    add_own_skill(assessment=draft, name="Welsh", level=1, now=earlier)
    answers = load_wizard(draft).answers
    assert answers.has_rated(answers.skills)


def test_a_target_that_was_withdrawn_can_be_kept(signed_in, user):
    draft = make_draft(user)
    chosen, other = make_occupation(is_current=False), make_occupation(code="11-9111.01", is_current=False)
    save_direction(assessment=draft, changes={"target_occupation": chosen}, now=NOW)
    page = Tab(signed_in, "where-you-want-to-be")
    assert page.leave(target_occupation=str(other.pk)).status_code == 200
    assert page.leave(target_occupation=str(chosen.pk)).status_code == 302


def test_groups_of_the_same_position_stay_in_one_piece(user):
    make_catalogue()
    left = SkillGroup.objects.create(key="left", name="Left over", kind="work", position=0)
    for number in range(2):
        Skill.objects.create(key=f"left-{number}", name=f"Left {number}", group=left, position=number)
    keys = [page.key for page in load_wizard(make_draft(user)).pages]
    assert sorted(keys) == sorted(set(keys))
    names = [group.name for group in build_results(make_finished_assessment(user), now=NOW).groups]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("names", [("Straße", "STRAẞE"), ("STRAẞE", "Straße"), ("Élan", "éLAN"), ("Σας", "σας")])
def test_adding_a_skill_twice_makes_one_whatever_its_letters(user, names):
    draft = make_draft(user)
    made = {add_own_skill(assessment=draft, name=name, level=None, now=NOW).pk for name in names}
    assert len(made) == Skill.objects.for_user(user).count() == 1
