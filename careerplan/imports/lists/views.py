"""Views of a list that is imported: show what was read, and add what was chosen. Nothing is stored in between."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import AuthenticatedRequest
from careerplan.account_data.file_advice import NAMES
from careerplan.core.forms import form_data
from careerplan.goals.models import Goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.imports.lists import queries
from careerplan.imports.lists.forms import ColumnsForm, ItemsForm
from careerplan.imports.lists.items import read_items
from careerplan.imports.lists.services import ImportedList, import_list
from careerplan.imports.lists.table import ListTable
from careerplan.imports.queries import ProposalsExpired


def show_list(request: AuthenticatedRequest, table: ListTable) -> HttpResponse:
    """Show what was read from a file that has just been chosen."""
    columns = ColumnsForm(None, table=table)
    return _page(request, table, columns, _items_form(request, table, columns, is_new=True))


@require_http_methods(["GET", "HEAD", "POST"])
def pick_list(request: AuthenticatedRequest) -> HttpResponse:
    """Import the chosen items, or read the rows again with other columns. GET shows a post that had to wait."""
    data = form_data(request)
    if data is None:
        return redirect("imports:choose")
    try:
        table = queries.load_table(data.get("table", ""), request.user)
    except ProposalsExpired:
        messages.info(request, _("We no longer have the contents of your file. Choose the file again."))
        return redirect("imports:choose")
    columns = ColumnsForm(data, table=table)
    if columns.is_changed:
        columns = ColumnsForm(data, table=table)
        return _page(request, table, columns, _items_form(request, table, columns, is_new=True))
    form = _items_form(request, table, columns, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            made = import_list(user=request.user, groups=form.chosen(), checksum=table.checksum, now=timezone.now())
        except (Goal.DoesNotExist, GoalIsClosed):
            form = _items_form(request, table, columns, is_new=False)
            form.add_error(None, _("You closed or deleted one of these goals in another tab. Choose where to again."))
        else:
            messages.success(request, _done(made))
            return redirect("goals:list")
    return _page(request, table, columns, form)


def _items_form(request: AuthenticatedRequest, table: ListTable, columns: ColumnsForm, *, is_new: bool) -> ItemsForm:
    today = timezone.localdate()
    content = read_items(table, columns.uses, day_first=columns.day_first, today=today)
    data = None if is_new else form_data(request)
    return ItemsForm(data, content=content, there=queries.goals_there(request.user), today=today)


def _page(request: AuthenticatedRequest, table: ListTable, columns: ColumnsForm, form: ItemsForm) -> HttpResponse:
    left_out = form.content.left_out
    context = {
        "section": "goals",
        "form": form,
        "columns": columns,
        "kind": NAMES[table.kind],
        "sealed": queries.sign_table(table, request.user),
        "earlier": queries.earlier_import(request.user, table.checksum),
        "left_out": left_out[:MOST_NOTES],
        "more_left_out": max(len(left_out) - MOST_NOTES, 0),
    }
    return render(request, "imports/list.html", context)


MOST_NOTES = 60  # that are listed; all are counted


def _done(made: ImportedList) -> str:
    if made.record is None:
        return _("You have all of this already. Nothing was added.")
    goals = ngettext("%(n)s goal", "%(n)s goals", len(made.goals)) % {"n": len(made.goals)}
    steps = ngettext("%(n)s step", "%(n)s steps", len(made.steps)) % {"n": len(made.steps)}
    words = {"goals": goals, "steps": steps}
    if not made.goals:
        return _("%(steps)s imported. You can undo it for 30 days, under “Your data”.") % words
    return _("%(goals)s with %(steps)s imported. You can undo it for 30 days, under “Your data”.") % words
