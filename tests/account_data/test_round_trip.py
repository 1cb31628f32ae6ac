"""What goes out comes in again as it was: in an account of everything, and in whatever hypothesis thinks of."""

import io
import json
from collections import defaultdict
from datetime import date, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerplan.account_data.exporter import write_export
from careerplan.account_data.importer import import_file
from careerplan.account_data.sections import SECTIONS, SECTIONS_BY_MODEL, SECTIONS_BY_NAME
from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal
from careerplan.planning.services.pauses import start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Digest
from tests.account_data.accounts import accounts
from tests.database import undone
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.factories.skills import make_catalogue, make_occupation
from tests.factories.whole import LATER, make_whole_account

pytestmark = pytest.mark.django_db
NOW = LATER + timedelta(days=1)


def exported(user, now=NOW):
    """The file of a user, read."""
    out = io.BytesIO()
    write_export(user, out, now=now)
    return json.loads(out.getvalue())


def brought(user, data, **kwargs):
    """Bring data in, all or nothing."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with transaction.atomic():
        return import_file(user=user, file=io.BytesIO(text), now=NOW, **kwargs)


def comparable(data):
    """A file without what is its account's own, and with ids that count from one in each section."""
    numbers = {
        name: {row["id"]: place for place, row in enumerate(data.get(name, []), 1) if "id" in row}
        for name in SECTIONS_BY_NAME
    }
    found = defaultdict(list)
    for section in SECTIONS:
        if section.export_only_reason:
            continue
        for original in data.get(section.name, []):
            row = dict(original)
            for column in section.columns:
                value = row[column.name]
                if column.name == "id" and not column.refers_to:
                    row["id"] = numbers[section.name][value]
                elif column.refers_to is Skill:
                    row[column.name] = skill(value, numbers)
                elif column.is_skill_list and value is not None:
                    row[column.name] = [skill(one, numbers) for one in value]
                elif column.refers_to in SECTIONS_BY_MODEL and value is not None:
                    row[column.name] = numbers[SECTIONS_BY_MODEL[column.refers_to].name][value]
            for name in SET_ANEW.get(section.name, ()):
                del row[name]
            found[section.name].append(row)
    return dict(found)


# When something came here, and when its date was set: anew with each import, so that nothing past is reminded of.
SET_ANEW = {
    "plans": ["created_at"],
    "goals": ["due_set_at"],
    "steps": ["due_set_at"],
    "pauses": ["made_at"],
    "opportunities": ["closes_set_at"],
}


def skill(value, numbers):
    return value and {**value, "own": value["own"] and numbers["own_skills"][value["own"]]}


def test_full_account_is_imported_as_it_was_exported(user):
    before = exported(make_whole_account(user))
    # Of what somebody wrote as a mentor: test_as_mentor.py.
    empty = {section.name for section in SECTIONS if not before[section.name] and not section.is_as_mentor}
    assert empty == set()
    newcomer = UserFactory(time_zone="Europe/London")
    brought(newcomer, before)
    after = exported(newcomer)
    for name, rows in comparable(before).items():
        assert comparable(after)[name] == rows, name
    assert exported(user) == before


@pytest.fixture
def catalogue(db):
    """Six skills that all users have."""
    return [(one.key, one.name) for one in make_catalogue()]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_account_survives_export_and_import(catalogue, data):
    """Read by one statement a section instead of four: the test above reads as the product does, in pieces."""
    file = data.draw(accounts(catalogue))
    with undone(), patch.dict(connection.settings_dict, DISABLE_SERVER_SIDE_CURSORS=True):
        first, second = UserFactory(), UserFactory(time_zone="Asia/Tokyo")
        brought(first, file)
        once = exported(first)
        assert {name: rows for name, rows in comparable(once).items() if name in file} == comparable(file)
        brought(second, once)
        assert comparable(exported(second)) == comparable(once)


def test_unknown_skill_becomes_an_own_skill(user, catalogue):
    goal = make_goal(user)
    goal.skills.add(Skill.objects.get(key="t-money-0"))
    data = exported(user)
    data["goal_skills"][0]["skill"] |= {"key": "unheard-of", "name": "Falconry"}
    newcomer = UserFactory()
    assert brought(newcomer, data).unknown_skills == ["Falconry"]
    assert Skill.objects.for_user(newcomer).get().name == "Falconry"
    assert Goal.objects.for_user(newcomer).get().skills.get().name == "Falconry"


def test_occupation_is_found_by_code_or_left_out(user):
    make_goal(user)
    Plan.objects.update(target_occupation=make_occupation(), target_role="My own words")
    data = exported(user)
    newcomer, stranger = UserFactory(), UserFactory()
    brought(newcomer, data)
    assert Plan.objects.get(user=newcomer).target_occupation.code == "11-9111.00"
    data["plans"][0]["target_occupation"] = {"code": "99-9999.99", "title": "Falconer"}
    assert brought(stranger, data).unknown_occupations == ["Falconer"]
    assert Plan.objects.get(user=stranger).target_role == "My own words"


def test_archiving_by_an_import_is_in_the_history(user, other_user):
    make_goal(user)
    make_goal(other_user)
    brought(other_user, exported(user))
    plan = Plan.objects.get(user=other_user, state="archived")
    assert plan.archived_at == NOW
    assert (plan.events.latest("pgh_id").state, plan.events.latest("pgh_id").version) == ("archived", plan.version)


def test_empty_plan_is_replaced(user, other_user):
    make_goal(user)
    Plan.objects.create(user=other_user, title="My career plan", started_on=NOW.date())
    assert brought(other_user, exported(user)).keeps_own_plan is False
    assert Plan.objects.get(user=other_user).goals.count() == 1


def test_current_pause_can_be_cancelled_after_an_import(user):
    goal = make_goal(user, due_on=date(2027, 6, 30))
    data = {"starts_on": date(2027, 2, 10), "ends_on": date(2027, 3, 1), "reason": "leave"}
    start_pause(plan=goal.plan, form_key=uuid4(), changes=data, now=NOW - timedelta(days=3))
    newcomer = UserFactory()
    brought(newcomer, exported(user))
    paused = Pause.objects.for_user(newcomer).get()
    assert Goal.objects.for_user(newcomer).get().due_set_at == paused.made_at == NOW


def test_unsent_email_is_left_out(user):
    make_whole_account(user)
    Digest.objects.update(state="pending", sent_at=None)
    newcomer = UserFactory()
    brought(newcomer, exported(user))
    assert not Digest.objects.filter(user=newcomer).exists()
    assert not newcomer.reminders.filter(channel="mail").exists()
    assert newcomer.reminders.filter(channel="app").exists()
