"""The sheet of a meeting as PDF, with the words of the page (templates/meetings/_sheet.html)."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.sentences import join_list
from careerplan.meetings.mentor.sheet import MeetingSheet
from careerplan.plan_document.pdf import breakable, language_of_texts, typeset
from careerplan.plan_document.texts import format_day

TEMPLATE = Path(__file__).parent.with_name("meeting.typ")
Line = tuple[str, str]
"""A text, and a smaller one below it; "" for none."""


def render_sheet(sheet: MeetingSheet, *, today: date) -> bytes:
    """Return the PDF file. Raises RenderFailed."""
    words = {"owner": sheet.owner_first_name, "mentor": sheet.mentor_first_name}
    met = _("Last met on %(day)s") % {"day": format_day(sheet.since)} if sheet.has_met else _("First meeting")
    when = [date_format(sheet.starts_at, "D j M Y, G:i")] if sheet.starts_at else []
    return typeset(
        {
            **language_of_texts(),
            "template": str(TEMPLATE),
            "date": today.timetuple()[:3],
            "author": sheet.owner_name,
            "title": breakable(_("15 minutes: %(owner)s and %(mentor)s") % words),
            "facts": [breakable(text) for text in (*when, sheet.owner_name, sheet.mentor_name, met)],
            "parts": _parts(sheet),
        }
    )


def _parts(sheet: MeetingSheet) -> list[dict[str, Any]]:
    """List the parts that have something to say; the last one is lines to write on until there are notes."""
    behind = [(f"{goal.title}: {goal.pace_words}", _share(goal.share_done, goal.time_gone)) for goal in sheet.behind]
    differ = _("%(owner)s says %(own)s, %(mentor)s says %(theirs)s")
    names = {"owner": sheet.owner_first_name, "mentor": sheet.mentor_first_name}
    differences = [(one.name, differ % {**names, "own": one.own, "theirs": one.theirs}) for one in sheet.differences]
    notes = [
        (note.text, join_list(filter(None, (format_day(note.day) if note.day else "", note.goal))))
        for note in sheet.notes
    ]
    since = _("since %(day)s") % {"day": format_day(sheet.since)}
    questions = [(one.text, one.why) for one in sheet.questions]
    found = [
        _part(_("Questions"), questions, note=_("10 minutes"), is_numbered=True),
        _part(_("Moved"), [(move.text, "") for move in sheet.moved], note=since),
        _part(_("Behind"), behind),
        _part(_("Where we differ"), differences),
    ]
    return [*(part for part in found if part["items"]), _part(_("Agreed"), notes)]


def _part(title: str, lines: list[Line], *, note: str = "", is_numbered: bool = False) -> dict[str, Any]:
    items = [{"text": breakable(text), "note": breakable(below)} for text, below in lines]
    return {"title": title, "note": note, "items": items, "is_numbered": is_numbered}


def _share(done: int, gone: int) -> str:
    return _("%(done)s%% done with %(gone)s%% of the time gone") % {"done": done, "gone": gone}
