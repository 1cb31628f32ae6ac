"""Importing a list in the browser's requests: seen before it is written, written once, undone as a whole."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from careerplan.account_data.models import DataImport
from careerplan.account_data.undo import preview_undo, undo_import
from careerplan.core.expired_session import RESTORED, SESSION_KEY
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.steps import complete_step
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.imports.files import CASES

pytestmark = pytest.mark.django_db

LIST = reverse("imports:list")
DAY = "2099-03-01"
ROWS = f"Goal,Task,Due\nWard manager,Ask HR,{DAY}\nWard manager,Read the advert,\n,Run,\n".encode()


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def choose(client, data=ROWS):
    return client.post(reverse("imports:choose"), {"file": SimpleUploadedFile("list.csv", data)})


def fields(page):
    """The fields of the page as a browser would send them."""
    form, columns = page.context["form"], page.context["columns"]
    sent = {"table": page.context["sealed"], "shown": columns.state}
    sent |= {f"use-{number}": use for number, use in enumerate(columns.uses)}
    sent |= {name: form[name].value() for name in form.fields}
    return sent


def test_nothing_is_written_before_it_is_chosen(signed_in, user):
    page = choose(signed_in)
    assert page.status_code == 200
    assert [section["group"].name for section in page.context["form"].sections()] == ["Ward manager", ""]
    assert not Goal.objects.exists()


def test_list_becomes_goals_and_steps_once(signed_in, user):
    sent = fields(choose(signed_in)) | {"name-1": "Get fit"}
    for _twice in range(2):
        assert signed_in.post(LIST, sent).url == reverse("goals:list")
    steps = dict(ActionStep.objects.for_user(user).values_list("title", "goal__title"))
    assert steps == {"Ask HR": "Ward manager", "Read the advert": "Ward manager", "Run": "Get fit"}
    assert str(ActionStep.objects.get(title="Ask HR").due_on) == DAY
    assert DataImport.objects.for_user(user).get().counts == {"goals": 2, "steps": 3}


def test_a_selection_is_shown_again_after_signing_in(signed_in, user):
    """What middleware keeps of a post without a session (core/expired_session.py)."""
    sent = fields(choose(signed_in)) | {"name-1": "Get fit", "take": "2"}
    session = signed_in.session
    session[SESSION_KEY] = "kept.of-a-list"
    session.save()
    cache.set("kept.of-a-list", {LIST: urlencode(sent)}, 60)
    page = signed_in.get(LIST)
    assert str(RESTORED) in page.content.decode()
    assert (page.context["form"]["name-1"].value(), page.context["form"]["take"].value()) == ("Get fit", ["2"])
    assert not Goal.objects.exists()


def test_steps_go_into_a_goal_that_is_there(signed_in, user):
    goal = make_goal(user, title="ward  manager", due_on=date(2099, 6, 30))
    sent = fields(page := choose(signed_in))
    assert page.context["form"]["to-0"].value() == f"goal-{goal.pk}"
    sent["take"] = ["0", "1"]
    signed_in.post(LIST, sent)
    assert set(goal.steps.values_list("title", flat=True)) >= {"Ask HR", "Read the advert"}
    assert Goal.objects.count() == 1


def test_steps_are_not_due_after_their_goal(signed_in, user):
    goal = make_goal(user, title="Ward manager", due_on=date(2099, 2, 1))
    sent = fields(choose(signed_in)) | {"name-1": "Get fit"}
    for changes, field in (({}, "to-0"), ({"to-0": "new", "due-0": "2099-02-28"}, "due-0")):
        form = signed_in.post(LIST, sent | changes).context["form"]
        assert form.errors.as_data()[field][0].code == "after-goal"
    assert not goal.steps.filter(title="Ask HR").exists()
    signed_in.post(LIST, sent | {"to-0": "new", "due-0": DAY})
    assert str(ActionStep.objects.get(title="Ask HR").goal.due_on) == DAY


def test_each_row_can_become_a_goal_with_its_measure(signed_in, user):
    page = choose(signed_in, (CASES / "other-formats" / "goals.csv").read_bytes().replace(b"2027", b"2099"))
    signed_in.post(LIST, fields(page))
    found = Goal.objects.for_user(user).order_by("due_on").values_list("title", "done_when", "due_on")
    assert [(title, done_when, str(day)) for title, done_when, day in found] == [
        ("Finish the welding course", "certificate", "2099-03-01"),
        ("Run the spring stocktake", "done or not", "2099-04-30"),
    ]
    assert ActionStep.objects.count() == 2


def test_other_columns_are_read_before_anything_is_written(signed_in):
    sent = fields(choose(signed_in)) | {"use-0": "left_out", "reread": "1"}
    page = signed_in.post(LIST, sent)
    assert [len(section["rows"]) for section in page.context["form"].sections()] == [3]
    assert not Goal.objects.exists()


def test_ambiguous_dates_are_asked_about(signed_in, user):
    page = choose(signed_in, b"Task,Due\nAsk HR,3/4/2099\n")
    sent = fields(page) | {"order": "month", "name-0": "Work"}
    page = signed_in.post(LIST, sent)
    signed_in.post(LIST, fields(page) | {"order": "month", "name-0": "Work"})
    assert str(ActionStep.objects.for_user(user).get().due_on) == "2099-03-04"


def test_what_is_there_already_is_not_ticked(signed_in, user):
    signed_in.post(LIST, fields(choose(signed_in)) | {"name-1": "Get fit"})
    page = choose(signed_in)
    assert page.context["form"]["take"].value() == []
    assert page.context["earlier"] == DataImport.objects.get()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"take": []}, "__all__"),
        ({"name-1": ""}, "name-1"),
        ({"due-0": ""}, "due-0"),
        ({"due-0": "2020-01-01"}, "due-0"),
        ({"to-0": "goal-1"}, "to-0"),
        ({"take": ["99"]}, "take"),
    ],
)
def test_bad_choice_is_explained_and_changes_nothing(signed_in, change, field):
    sent = fields(choose(signed_in)) | {"name-1": "Get fit"} | change
    page = signed_in.post(LIST, sent)
    assert field in page.context["form"].errors
    assert not Goal.objects.exists()


def test_goal_of_someone_else_is_no_place_for_steps(signed_in, user):
    theirs = make_goal(UserFactory(), title="Theirs")
    page = signed_in.post(LIST, fields(choose(signed_in)) | {"to-0": f"goal-{theirs.pk}"})
    assert "to-0" in page.context["form"].errors
    assert theirs.steps.count() == 1


def test_table_of_someone_else_is_not_taken(signed_in, client):
    sent = fields(choose(signed_in))
    client.force_login(UserFactory())
    assert client.post(LIST, sent).url == reverse("imports:choose")
    assert not Goal.objects.exists()


def test_import_is_undone_as_a_whole(signed_in, user):
    old = make_goal(user, title="Ward manager", due_on=date(2099, 6, 30))
    before = set(ActionStep.objects.values_list("pk", flat=True))
    signed_in.post(LIST, fields(choose(signed_in)) | {"name-1": "Get fit"})
    assert undo_import(record=DataImport.objects.get(), now=timezone.now()).kept == []
    assert list(Goal.objects.all()) == [old]
    assert set(ActionStep.objects.values_list("pk", flat=True)) == before


def test_undo_keeps_what_was_used_since(signed_in, user):
    signed_in.post(LIST, fields(choose(signed_in)) | {"name-1": "Get fit"})
    complete_step(step=ActionStep.objects.get(title="Run"), now=timezone.now())
    record = DataImport.objects.get()
    assert [title for title, _sections in preview_undo(record).kept] == ["Get fit"]
    undo_import(record=record, now=timezone.now())
    assert [goal.title for goal in Goal.objects.all()] == ["Get fit"]


def test_pasted_rows_are_read(signed_in):
    page = signed_in.post(reverse("imports:choose"), {"text": "Task\tDue\nAsk HR\t2099-03-01\n"})
    assert [item.title for item in page.context["form"].content.items] == ["Ask HR"]


def test_page_costs_the_same_for_few_and_many_rows(signed_in):
    many = b"Task,Due\n" + b"".join(b"Step %d,\n" % number for number in range(200))
    choose(signed_in, many)
    counts = []
    for data in (b"Task,Due\nOne,\nTwo,\n", many):
        with CaptureQueriesContext(connection) as queries:
            choose(signed_in, data)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_texts_of_the_file_are_escaped_and_their_direction_is_their_own(signed_in):
    page = choose(signed_in, b"Goal,Task\n<script>alert(1)</script>,<b>x</b>\n")
    assert b"<script>alert" not in page.content
    assert re.search(rb'dir="auto"\s*>&lt;b&gt;x', page.content)
