"""Lists of tasks from other programs, as tables: Todoist, Trello, Google Tasks and calendars (iCalendar VTODO)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar

from careerplan.account_data.file_advice import NAMES
from careerplan.account_data.file_format import InvalidFile
from careerplan.account_data.file_kinds import FileKind
from careerplan.imports.lists.days import date_text, parse_date
from careerplan.imports.lists.table import ListTable, entry_place

COLUMNS = ["task", "due date", "notes", "list", "done"]
DONE, OPEN = "x", ""
MAX_DEPTH = 6  # of tasks in tasks


def _table(kind: FileKind, name: str = "") -> ListTable:
    return ListTable(kind, list(COLUMNS), has_columns=False, name=name)


def read_todoist(rows: ListTable) -> ListTable:
    """Return the tasks of a Todoist export, each with the section above it. A comment belongs to the task above it."""
    names = [name.casefold() for name in rows.columns]
    tasks: list[tuple[str, list[str]]] = []
    section = ""
    for row in rows.rows:
        cells = dict(zip(names, row.cells, strict=True))
        kind, content = cells.get("type", "").casefold(), cells.get("content", "")
        if kind == "section":
            section = content
        elif kind == "note" and tasks:
            tasks[-1][1][2] = "\n".join(filter(None, (tasks[-1][1][2], content)))
        elif kind in {"task", ""}:
            due = next((cells[name] for name in ("date", "deadline") if parse_date(cells.get(name, ""))), "")
            due = due or cells.get("date", "")  # "every Monday" is named as left out
            tasks.append((row.place, [content, due, cells.get("description", ""), section, OPEN]))
    table = _table(FileKind.TODOIST)
    table.left_out = rows.left_out
    for place, task in tasks:
        table.add_row(place, task)
    return table


def read_trello(board: Any) -> ListTable:
    """Return the cards of a board, and what is open on their checklists. Archived cards are left out."""
    if not isinstance(board, dict):
        board = {"cards": board}
    table = _table(FileKind.TRELLO, _text(board, "name"))
    lists = {_text(one, "id"): _text(one, "name") for one in _entries(board.get("lists"))}
    closed = {_text(one, "id") for one in _entries(board.get("lists")) if one.get("closed") is True}
    checklists: dict[str, list[dict[str, Any]]] = {}
    for checklist in _entries(board.get("checklists")):
        checklists.setdefault(_text(checklist, "idCard"), []).extend(_entries(checklist.get("checkItems")))
    for number, card in enumerate(_entries(board.get("cards")), 1):
        place, group = entry_place(number), lists.get(_text(card, "idList"), "")
        if card.get("closed") is True or _text(card, "idList") in closed:
            table.leave_out(place, _("It is archived."))
            continue
        name = _text(card, "name")
        is_done = DONE if card.get("dueComplete") is True else OPEN
        table.add_row(place, [name, _text(card, "due"), _text(card, "desc"), group, is_done])
        for item in checklists.get(_text(card, "id"), ()):
            is_done = DONE if _text(item, "state") == "complete" else OPEN
            table.add_row(place, [_text(item, "name"), _text(item, "due"), name, group, is_done])
    return table


def read_google_tasks(lists: Any) -> ListTable:
    """Return the tasks of an export of Google Tasks, each with its list."""
    table = _table(FileKind.GOOGLE_TASKS)
    found = lists.get("items") if isinstance(lists, dict) else lists
    number = 0
    for one in _entries(found):
        inner = one.get("items") or one.get("tasks")
        for task in _tasks(inner, MAX_DEPTH) if inner is not None else [one]:
            number += 1
            is_done = DONE if _text(task, "status") == "completed" else OPEN
            due = _text(task, "due") or _text(task, "scheduled_time")
            title = _text(one, "title") if inner is not None else ""
            table.add_row(entry_place(number), [_text(task, "title"), due, _text(task, "notes"), title, is_done])
    return table


def _tasks(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    for task in _entries(found):
        yield task
        if depth:
            yield from _tasks(task.get("items"), depth - 1)


def read_calendar(text: str) -> ListTable:
    """Return the tasks (VTODO) of a calendar. Appointments are left out. Raises InvalidFile if it cannot be read."""
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        reason = _("It is cut off or damaged. Export it again.")
        raise InvalidFile(f"{NAMES[FileKind.CALENDAR]} {reason}") from error
    table = _table(FileKind.CALENDAR)
    number, appointments = 0, 0
    for calendar in calendars:
        table.name = table.name or str(calendar.get("X-WR-CALNAME", ""))
        appointments += sum(1 for _event in calendar.walk("VEVENT"))
        for task in calendar.walk("VTODO"):
            number += 1
            _add_calendar_task(table, number, task)
    if appointments:
        table.leave_out("", _("Appointments are not read, only tasks."))
    return table


def _add_calendar_task(table: ListTable, number: int, task: Any) -> None:
    due = getattr(task.get("DUE"), "dt", None)
    is_done = "COMPLETED" in task or str(task.get("STATUS", "")).upper() in {"COMPLETED", "CANCELLED"}
    categories = task.get("CATEGORIES")
    group = str(categories.cats[0]) if getattr(categories, "cats", None) else ""
    if "RRULE" in task:
        table.leave_out(entry_place(number), _("It repeats. We read its next date only."))
    day = date_text(due) if isinstance(due, date | datetime) else ""
    cells = [str(task.get("SUMMARY", "")), day, str(task.get("DESCRIPTION", "")), group, DONE if is_done else OPEN]
    table.add_row(entry_place(number), cells)


def _entries(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""
