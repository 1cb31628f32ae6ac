"""Lists of goals and steps: what is read of each kind of file, and what becomes of it."""

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import FileKind, recognise_file
from careerplan.imports.lists.columns import ColumnUse, guess_uses
from careerplan.imports.lists.days import parse_date, parse_month, which_first
from careerplan.imports.lists.items import read_items
from careerplan.imports.lists.readers import _first_full_row, read_list, read_text_list
from careerplan.imports.lists.table import MAX_LIST_ROWS
from tests.imports.files import CASES, TODAY

WELDING = ("Finish the welding course", date(2027, 3, 1))


def read(data, *, day_first=True):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    table = read_list(file, recognise_file(file))
    return read_items(table, guess_uses(table), day_first=day_first, today=TODAY)


def items(content):
    return [(item.title, item.due_on) for item in content.items]


@pytest.mark.parametrize(
    ("name", "group", "found"),
    [
        ("asana.csv", "Career", [WELDING]),
        ("todoist.csv", "", [WELDING, ("Ask for a reference", None)]),
        ("trello.json", "Career", [WELDING, ("Ask for a reference", None)]),
        ("goals.csv", "", [WELDING, ("Run the spring stocktake", date(2027, 4, 30))]),
        ("goals.xlsx", "", [WELDING]),
    ],
)
def test_lists_of_other_programs(name, group, found):
    content = read((CASES / "other-formats" / name).read_bytes())
    assert items(content) == found
    assert [one.name for one in content.groups] == [group]
    assert content.groups[0].are_goals == name.startswith("goals")


def test_title_above_a_sheet_is_no_header():
    rows = [["My goals 2027", ""], [], ["", ""], ["What I want", "First"], ["Weld", "Enrol"]]
    assert (_first_full_row(rows), _first_full_row([[], ["Weld"], ["Sew"]])) == (3, 1)


@pytest.mark.parametrize("place", range(1, 10))
def test_remark_beside_a_list_without_header_loses_no_row(place):
    rows = [[f"Goal {number}", "soon" if number == place else ""] for number in range(10)]
    assert _first_full_row(rows) == 0


def test_rows_above_the_header_are_named_as_left_out(monkeypatch):
    rows = [["My goals 2027"], [], ["for Sam"], ["What I want", "First"], ["Weld", "Enrol"], ["Sew", "Buy cloth"]]
    monkeypatch.setattr("careerplan.imports.lists.readers.read_sheets", lambda data: [("Mine", rows)])
    table = read_list(io.BytesIO(b"sheet"), FileKind.EXCEL)
    assert [row.cells[0] for row in table.rows] == ["Weld", "Sew"]
    assert [one.place for one in table.left_out] == ["Row 1", "Row 3"]


def test_done_task_is_named_as_left_out():
    content = read((CASES / "other-formats" / "asana.csv").read_bytes())
    assert [one.place for one in content.left_out] == ["Row 3"]


def test_measure_of_a_goal_is_read():
    content = read((CASES / "other-formats" / "goals.csv").read_bytes())
    assert [item.measure for item in content.items] == ["certificate", "done or not"]


def test_google_tasks_with_tasks_in_tasks():
    task = {"kind": "tasks#task", "title": "Ask Sam", "notes": "by phone", "status": "needsAction"}
    inner = {**task, "title": "Find the number", "due": "2027-03-01T00:00:00.000Z"}
    done = {**task, "title": "Over", "status": "completed"}
    lists = {"kind": "tasks#taskLists", "items": [{"title": "Work", "items": [{**task, "items": [inner]}, done]}]}
    content = read(json.dumps(lists))
    assert [(one.name, len(one.items)) for one in content.groups] == [("Work", 2)]
    assert content.items[0].details == "by phone"
    assert content.items[1].due_on == date(2027, 3, 1)


def test_tasks_of_a_calendar():
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "X-WR-CALNAME:Career"),
        *("BEGIN:VTODO", "UID:1", "SUMMARY:Call the college", "DUE;VALUE=DATE:20270301", "END:VTODO"),
        *("BEGIN:VTODO", "UID:2", "SUMMARY:Over", "STATUS:COMPLETED", "END:VTODO"),
        *("BEGIN:VEVENT", "UID:3", "SUMMARY:Meeting", "DTSTART:20270301T100000Z", "END:VEVENT", "END:VCALENDAR"),
    )
    content = read("\r\n".join(lines) + "\r\n")
    assert items(content) == [("Call the college", date(2027, 3, 1))]
    assert content.groups[0].name == "Career"
    assert len(content.left_out) == 2


def test_todoist_sections_comments_and_words_for_dates():
    rows = (
        "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,DEADLINE\n"
        "section,Ward manager,,,,,,,,\ntask,Ask HR,,1,1,,,every other Tuesday,en,\nnote,Mrs Lee,,,,,,,,\n"
        "task,Apply,,1,1,,,every day,en,2026-12-20\n"
    )
    content = read(rows)
    assert [(one.name, len(one.items)) for one in content.groups] == [("Ward manager", 2)]
    assert content.items[1].due_on == date(2026, 12, 20)
    assert content.items[0].details == "Mrs Lee"
    assert content.items[0].due_on is None
    assert "every other Tuesday" in content.left_out[0].reason


def test_steps_under_goals_by_any_delimiter_and_in_german():
    content = read("Ziel;Aufgabe;Fällig am;Notizen\nMeister werden;Anmelden;01.03.2027;bei der Kammer\n;Lernen;;\n")
    assert [(one.name, [item.title for item in one.items]) for one in content.groups] == [
        ("Meister werden", ["Anmelden"]),
        ("", ["Lernen"]),
    ]
    assert content.items[0].due_on == date(2027, 3, 1)


def test_states_of_a_board_are_no_goals():
    content = read("Name,Status,Due\nAsk HR,In progress,2027-03-01\nRead it,Done,\n")
    assert items(content) == [("Ask HR", date(2027, 3, 1))]


def test_columns_of_a_development_plan_below_lines_of_their_own(monkeypatch):
    header = ["Ref", "Development need", "What will I do?", "Target completion", "Support required", "RAG"]
    rows = [["My plan", "", "Sam Lee"], ["Line manager:", "J. Firth"], header]
    rows += [["1", "Hold a budget", "Shadow finance", "end of June 2027", "2 days", "Amber"]]
    monkeypatch.setattr("careerplan.imports.lists.readers.read_sheets", lambda data: [("Sheet1", rows)])
    table = read_list(io.BytesIO(b"sheet"), FileKind.EXCEL)
    content = read_items(table, guess_uses(table), day_first=True, today=TODAY)
    assert [(group.name, items(content)) for group in content.groups] == [
        ("Hold a budget", [("Shadow finance", date(2027, 6, 30))])
    ]


def test_marked_lines_are_a_list_and_a_cv_is_none():
    text = b"# Ward manager\n- [ ] Ask HR\n- [x] Read the advert\n\nHealth:\n1. Run on Mondays\n"
    table = read_text_list(io.BytesIO(text))
    content = read_items(table, guess_uses(table), day_first=True, today=TODAY)
    assert [(one.name, [item.title for item in one.items]) for one in content.groups] == [
        ("Ward manager", ["Ask HR"]),
        ("Health", ["Run on Mondays"]),
    ]
    assert read_text_list(io.BytesIO(b"Mara Test\nBookbinder\n- Elm Works, 2020 to now\nSkills: binding\n")) is None


def test_long_list_says_what_is_left_out():
    content = read("Task,Due\n" + "".join(f"Step {n},\n" for n in range(MAX_LIST_ROWS + 3)))
    assert len(content.items) == MAX_LIST_ROWS
    assert len(content.left_out) == 3


def test_long_title_goes_into_the_details():
    content = read(f"Task,Due\n{'word ' * 60},\n")
    assert len(content.items[0].title) == 200
    assert content.items[0].details == ("word " * 60).strip()


@pytest.mark.parametrize(
    "data",
    [
        b"Task,Due\n",
        b"PK\x03\x04" + bytes(500),
        b"BEGIN:VCALENDAR\nEND:VEVENT",
        b'{"lists": [{"idList": 3}], "cards": 7}',
    ],
)
def test_file_without_anything_to_do_is_refused(data):
    file = io.BytesIO(data)
    kind = recognise_file(file)
    with pytest.raises(InvalidFile):
        read_list(file, FileKind.EXCEL if kind == FileKind.LINKEDIN_ZIP else kind)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("2027-03-01T12:00:00.000Z", date(2027, 3, 1)),
        ("1 March 2027", date(2027, 3, 1)),
        ("March 1, 2027 9:30 AM", date(2027, 3, 1)),
        ("February 27, 2027 → March 1, 2027", date(2027, 3, 1)),
        ("Mon 1st Mar 2027", date(2027, 3, 1)),
        ("1. März 2027", date(2027, 3, 1)),
        ("01/03/27", date(2027, 3, 1)),
        ("31.2.2027", None),
        ("every other Tuesday", None),
        ("", None),
    ],
)
def test_dates_as_they_are_written(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[
            ("June 2027", date(2027, 6, 30)),
            ("Feb. 2028", date(2028, 2, 29)),
            ("by the end of March, 2027", date(2027, 3, 31)),
        ],
        *[("2027-04", date(2027, 4, 30)), ("12/2027", date(2027, 12, 31)), ("Ende März 2027", date(2027, 3, 31))],
        *[("13/2027", None), ("0000-01", None), ("2027", None), ("31.2.2027", None), ("Summer 2027", None)],
    ],
)
def test_month_means_its_last_day(text, day):
    assert parse_month(text) == day


def test_month_in_a_column_of_dates_is_proposed_as_its_last_day():
    content = read("Task,Due\nWeld,June 2027\nSew,1 June 2027\nKnit,June 2020\nBake,some day\n")
    assert [(one.due_on, one.names_month) for one in content.items] == [
        (date(2027, 6, 30), True),
        (date(2027, 6, 1), False),
        (None, False),
        (None, False),
    ]
    assert [one.place for one in content.left_out] == ["Row 4", "Row 5"]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_order_of_day_and_month_decides(day):
    assert parse_date(f"{day.day}/{day.month}/{day.year}", day_first=True) == day
    assert parse_date(f"{day.month}/{day.day}/{day.year}", day_first=False) == day
    assert which_first([f"{day.month}/{day.day}/{day.year}"]) is (
        False if day.day > 12 else True if day.day == day.month else None
    )


def test_columns_without_telling_names_are_read_by_their_cells():
    table = read_list(io.BytesIO(b"A,B,C\n1,Ask HR,2027-03-01\n2,Read it,2027-04-01\n"), FileKind.TABLE)
    assert guess_uses(table) == [ColumnUse.LEFT_OUT, ColumnUse.TITLE, ColumnUse.DUE]
