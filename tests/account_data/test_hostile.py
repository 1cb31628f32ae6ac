"""Files that are broken, wrong or meant to harm: refused soon, with the place and the reason, changing nothing."""

import copy
import io
import json
import time
import tracemalloc
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from careerplan.account_data import parser
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.importer import import_file
from careerplan.account_data.parser import MAX_TEXT_BYTES, FileParser, _GuardedFile
from careerplan.account_data.sections import SECTIONS
from careerplan.catalogue.models import Skill
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.reminders.models import Reminder
from careerplan.reminders.services import create_for_users
from tests.account_data.test_round_trip import NOW, brought, exported
from tests.database import fingerprint, undone
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal, only_step
from tests.factories.opportunities import decline, make_opportunity
from tests.factories.whole import make_whole_account

pytestmark = pytest.mark.django_db
MOST_MEMORY = 60_000_000
HEAD = '{"format": "careerplan-export", "version": 1'


def read(text):
    """Read a file without a database."""
    data = text if isinstance(text, bytes) else text.encode()
    return list(FileParser(io.BytesIO(data)))


BROKEN = {
    "nothing": b"",
    "no JSON": b"%PDF-1.7",
    "a list": b"[]",
    "a text": b'"careerplan-export"',
    "another file": b'{"name": "Ruth"}',
    "another format": b'{"format": "x", "version": 1}',
    "no version": b'{"format": "careerplan-export"}',
    "newer": b'{"format": "careerplan-export", "version": 3}',
    "yes for one": b'{"format": "careerplan-export", "version": true}',
    "sections before the format": b'{"goals": [], "format": "careerplan-export", "version": 1}',
    "UTF-16": HEAD.encode("utf-16"),
    "Latin 1": HEAD.encode() + b', "account": "\xe4"}',
    "cut off": HEAD.encode() + b', "goals": [{"id": 1',
    "not closed": HEAD.encode(),
    "more after it": HEAD.encode() + b"} {}",
    "twice": HEAD.encode() + b', "goals": [], "goals": []}',
    "a field twice": HEAD.encode() + b', "goals": [{"id": 1, "id": 2}]}',
    "wrong order": HEAD.encode() + b', "goals": [], "plans": []}',
    "no list": HEAD.encode() + b', "goals": {}}',
    "a number for an entry": HEAD.encode() + b', "goals": [1]}',
    "nested deeply": HEAD.encode() + b', "goals": ' + b"[" * 100_000,
    "nested deeply in an entry": HEAD.encode() + b', "goals": [{"title": ' + b'{"a":' * 100_000,
    "nested deeply at the top": b"[" * 1_000_000,
    "nested unknown": HEAD.encode() + b', "x": ' + b"[" * 1_000_000,
    "a huge number": HEAD.encode() + b', "goals": [{"id": ' + b"9" * 1_000_000 + b"}]}",
    "a number beyond what Python reads": HEAD.encode() + b', "goals": [{"id": ' + b"9" * 4301 + b"}]}",
    "a negative huge number": HEAD.encode() + b', "goals": [{"id": -' + b"9" * 70_000 + b"}]}",
    "a fraction without end": HEAD.encode() + b', "goals": [{"id": 1.' + b"9" * 70_000 + b"}]}",
    "a power without end": HEAD.encode() + b', "goals": [{"id": 1e' + b"9" * 70_000 + b"}]}",
    "a power of a power": HEAD.encode() + b', "goals": [{"id": 1e' + b"9" * 30 + b"}]}",
    "a huge power": HEAD.encode() + b', "goals": [{"id": 1e999999999}]}',
    "not a number": HEAD.encode() + b', "goals": [{"id": NaN}]}',
    "NUL": HEAD.encode() + b', "own_skills": [{"name": "a\\u0000b"}]}',
    "a lone surrogate": HEAD.encode() + b', "own_skills": [{"name": "a\\ud800"}]}',
    "a text of marks": HEAD.encode() + b', "own_skills": [{"name": "a' + "\u0315\u0300".encode() * 40_000 + b'"}]}',
    "a text of marks without end": HEAD.encode() + b', "x": "a' + "\u0315\u0300".encode() * 400_000 + b'"}',
    "a list without end": HEAD.encode() + b', "goals": [{"title": [' + b"0," * 10_000_000,
    "a list without end at the top": HEAD.encode() + b', "x": [' + b"0," * 10_000_000,
    "names without end": lambda: (
        HEAD.encode() + b', "x": {' + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}}"
    ),
    "a huge name": HEAD.encode() + b', "' + b"x" * 5_000_000 + b'": 1}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_rejected_fast_in_little_memory(name):
    data = io.BytesIO(content() if callable(content := BROKEN[name]) else content)
    start = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(InvalidFile) as refused:
            list(FileParser(data))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 5
    assert peak < MOST_MEMORY
    assert 10 < len(str(refused.value)) < 300


def test_file_with_too_many_entries_is_not_read_to_the_end(monkeypatch):
    monkeypatch.setattr(parser, "MAX_ROWS", 10)
    row = {
        "id": 1,
        "name": "x",
        "kind": "work",
        "meaning": "",
        "archived_at": None,
        "created_at": "2027-01-01T00:00:00Z",
    }
    row |= {f"level_{level}": "" for level in range(1, 6)}
    rows = ",".join([json.dumps(row)] * 11)
    with pytest.raises(InvalidFile, match="own_skills, entry 11: "):
        read(HEAD + f', "own_skills": [{rows}]}}')


def test_byte_order_mark_is_ignored():
    assert read(b"\xef\xbb\xbf" + HEAD.encode() + b"}") == []


def account(user):
    """A small account with a goal, a step, an entry and a skill, as a file."""
    goal = make_goal(user)
    goal.progress_entries.create(measured_on=date(2027, 1, 5), value=3, recorded_at=datetime(2027, 1, 5, tzinfo=UTC))
    goal.skills.add(Skill.objects.create(name="Welding", owner=user))
    return exported(user)


@pytest.fixture(scope="module")
def one_account(django_db_setup, django_db_blocker):
    """Somebody with a small account, and its file as text, once for all tests, in a transaction around theirs."""
    with django_db_blocker.unblock(), undone():
        somebody = UserFactory()
        yield somebody, json.dumps(account(somebody))


@pytest.fixture
def owner(one_account):
    return one_account[0]


@pytest.fixture
def data(one_account):
    """The file of `owner`, to be changed."""
    return json.loads(one_account[1])


WRONG = [
    ("goals", "title", 7, "goals, entry 1, title: "),
    ("goals", "title", "x" * 201, "title: .*200"),
    ("goals", "area", "secret", "area: .*“professional”, “personal”"),
    ("goals", "due_on", "2027-02-30", "goals, entry 1, due_on: "),
    ("goals", "due_on", "9999-12-31", "due_on: "),
    ("goals", "start_value", "1e5", "start_value: "),
    ("goals", "closed_at", "2027-01-05T25:00:00Z", "closed_at: "),
    ("goals", "created_at", "2099-01-05T20:00:00Z", "created_at: "),
    ("goals", "plan", 4711, "goals, entry 1, plan: .*“plans”"),
    ("goals", "worth", -1, "worth: .*0"),
    ("goals", "version", 2**40, "version: "),
    ("goals", "form_key", "x", "form_key: "),
    ("goal_skills", "skill", {"key": None, "own": 99, "name": "x"}, "skill: .*“own_skills”"),
    ("goal_skills", "skill", {"key": "x"}, "skill: .*“name”"),
    ("progress_entries", "measured_on", "2050-01-01", "progress_entries, entry 1: "),
    ("progress_entries", "value", "1234567890123.00", "value: "),
    ("steps", "position", 40000, "position: "),
    ("steps", "goal", 0, "goal: "),
    ("steps", "repeats", "weekly:60:1", "repeats: "),
    ("steps", "repeats", "after:367", "repeats: "),
]


# What only the database refuses: the user is told the place, and the log the rule.
REFUSED_BY_A_RULE = [
    ("goals", "title", "", "goals_goal_title_given"),
    ("goals", "title", " ", "goals_goal_title_given"),
    ("goals", "due_on", "1999-01-01", "goals_goal_due_after_start"),
    ("goals", "start_value", "12", "goals_goal_measure_complete"),
    ("goals", "worth", 6, "goals_goal_worth_1_to_5"),
    ("goals", "state", "reached", "goals_goal_closed_at"),
    ("steps", "state", "done", "goals_actionstep_done_at"),
]


@pytest.mark.parametrize(("section", "field", "value", "message"), WRONG)
def test_invalid_value_is_rejected_with_its_place(owner, data, section, field, value, message):
    data[section][0][field] = value
    before = fingerprint()
    with pytest.raises(InvalidFile, match=message):
        brought(owner, data)
    assert fingerprint() == before


def refused_by(caplog) -> list[str]:
    """Return the rules that the log names."""
    return [record.msg["rule"] for record in caplog.records if "rule" in record.msg]


@pytest.mark.parametrize(("section", "field", "value", "rule"), REFUSED_BY_A_RULE)
def test_rule_of_the_database_is_in_the_log_only(owner, data, caplog, section, field, value, rule):
    data[section][0][field] = value
    before = fingerprint()
    with pytest.raises(InvalidFile, match=f"{section}, entry 1") as refused:
        brought(owner, data)
    assert "_" not in str(refused.value)
    assert refused_by(caplog) == [rule]
    assert fingerprint() == before


def test_inconsistent_file_is_rejected(data, other_user, caplog):
    without = {**data, "steps": [], "step_history": []}
    with pytest.raises(InvalidFile):
        brought(other_user, without)
    assert refused_by(caplog) == ["goals_goal_has_a_step"]
    twice = copy.deepcopy(data)
    twice["plans"].append(dict(twice["plans"][0]))
    with pytest.raises(InvalidFile, match="plans, entry 2, id: "):
        brought(other_user, twice)
    twice["plans"][1]["id"] += 1
    with pytest.raises(InvalidFile, match="plans, entry 2: "):
        brought(other_user, twice)


def test_ids_in_a_file_never_reach_rows_of_others(owner, data, other_user):
    """A file names rows of itself only: a plan of another user is not in it, whatever its number."""
    theirs = make_goal(other_user)
    data["goals"][0]["plan"] = theirs.plan_id + 1000
    with pytest.raises(InvalidFile, match="goals, entry 1, plan: "):
        brought(owner, data)
    data["goals"][0]["plan"] = data["plans"][0]["id"] = theirs.plan_id
    for row in (*data["plan_history"], *data["review_schedules"], *data["goal_history"]):
        row |= {name: theirs.plan_id for name in ("plan",) if name in row}
    data["plan_history"][0]["of"] = theirs.plan_id
    newcomer = UserFactory()
    brought(newcomer, data)
    assert Goal.objects.for_user(other_user).get() == theirs
    assert Goal.objects.for_user(newcomer).get().plan_id != theirs.plan_id


@given(cut=st.floats(0, 0.9999))
def test_truncated_file_is_rejected(whole_file, cut):
    newcomer, text = whole_file
    before = fingerprint()
    with pytest.raises(InvalidFile):
        brought(newcomer, text[: int(len(text) * cut)])
    assert fingerprint() == before


@pytest.fixture(scope="module")
def whole_file(django_db_setup, django_db_blocker):
    """A new user, and the file of an account with everything."""
    with django_db_blocker.unblock(), undone():
        yield UserFactory(), json.dumps(exported(make_whole_account(UserFactory()))).encode()


@given(place=st.floats(0, 0.9999), byte=st.integers(0, 255))
def test_changed_byte_is_imported_or_rejected(whole_file, place, byte):
    newcomer, text = whole_file
    data = bytearray(text)
    data[int(len(data) * place)] = byte
    with suppress(InvalidFile), transaction.atomic():
        import_file(user=newcomer, file=io.BytesIO(bytes(data)), now=NOW)
        transaction.set_rollback(True)


def test_memory_does_not_grow_with_the_file():
    def peak(rows):
        row = {"id": 1, "name": "x" * 60, "kind": "work", "meaning": "y" * 200, "archived_at": None}
        row |= {"created_at": "2027-01-01T00:00:00Z"} | {f"level_{level}": "z" * 200 for level in range(1, 6)}
        file = io.BytesIO((HEAD + ', "own_skills": [' + ",".join([json.dumps(row)] * rows) + "]}").encode())
        tracemalloc.start()
        try:
            for _row in FileParser(file):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(900) < peak(90) + 500_000


def test_suspended_triggers_are_active_after_an_import(user, other_user):
    brought(other_user, exported(make_whole_account(user)))
    archived = Goal.objects.for_user(other_user).filter(plan__state="archived").first()
    with pytest.raises(IntegrityError, match="archived"), transaction.atomic():
        Goal.objects.filter(pk=archived.pk).update(title="Changed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        assert cursor.fetchone()[0] in ("{}", "", None)


def test_import_sends_no_reminder_about_the_past(user):
    goal = make_goal(user, due_on=date(2027, 1, 10), step_due_on=date(2027, 1, 8))
    goal.stop_on, goal.stop_condition = date(2027, 1, 7), "two say yes"
    goal.save()
    late = make_goal(user, due_on=date(2027, 12, 1), step_due_on=date(2027, 1, 9))
    only_step(late).__class__.objects.filter(goal=late).update(state="done", done_at=datetime(2027, 1, 9, tzinfo=UTC))
    make_opportunity(user, closes_on=NOW.date() - timedelta(days=1))
    decline(make_opportunity(user), now=NOW - timedelta(days=91))
    data = exported(user)
    newcomer = UserFactory(time_zone="UTC")
    brought(newcomer, data)
    Plan.objects.filter(user=newcomer).update(created_at=NOW)  # the database's own clock is not stopped
    told = set()
    for hours in range(0, 24 * 3, 6):
        create_for_users([newcomer.pk], as_of=NOW + timedelta(hours=hours), now=NOW)
        told = set(Reminder.objects.filter(user=newcomer).values_list("kind", "due_on"))
    assert {kind for kind, _due in told} <= {"goal_without_step"}


def test_full_account_fills_every_section(whole_file):
    data = json.loads(whole_file[1])
    assert [one.name for one in SECTIONS if not data[one.name] and not one.is_as_mentor] == []


def test_cv_is_rejected_with_the_page_for_cvs():
    with pytest.raises(InvalidFile, match="Import a CV"):
        list(FileParser(io.BytesIO(b'{"$schema": "x", "basics": {}, "skills": []}')))


class Read(io.BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size=-1):
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("letter", [b"x", b"\xcc\x80", b"\\u0300", b'\\"', b"\\\\"])
def test_text_without_end_is_refused_while_it_is_read(letter):
    file = Read(b'{"format": "careerplan-export", "version": 1, "account": {"name": "' + letter * 2_000_000 + b'"}}')
    with pytest.raises(InvalidFile):
        list(FileParser(file))
    assert file.taken < MAX_TEXT_BYTES + 200_000


@given(st.lists(st.sampled_from(['"', "\\", "a", "\n", "é", "\U0001f600"]), max_size=60), st.integers(1, 9))
def test_end_of_a_text_is_seen_whatever_it_contains(letters, size):
    guard = _GuardedFile(io.BytesIO(json.dumps(["".join(letters)]).encode()))
    while guard.read(size):
        pass
    assert guard._since_quote == 1  # the bracket
