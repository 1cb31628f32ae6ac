"""Tell what each column of a list is, by its name and by what stands in it."""

from collections.abc import Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from careerplan.imports.lists.days import parse_date, parse_month
from careerplan.imports.lists.table import ListTable
from careerplan.reading.folding import fold


class ColumnUse(TextChoices):
    """What becomes of a column."""

    TITLE = "title", _("Step")
    GOAL = "goal", _("Goal")
    DUE = "due", _("Due date")
    NOTES = "notes", _("Details")
    MEASURE = "measure", _("What counts as done")
    DONE = "done", _("Whether it is done")
    LEFT_OUT = "left_out", _("Leave out")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


# In English, German, French, Spanish, Portuguese, Italian and Dutch, without accents; the first that is there counts.
NAMES_OF_USES: dict[ColumnUse, tuple[str, ...]] = {
    ColumnUse.TITLE: _words(
        "task | task name | step | action step | action | next action | to-do | todo | to do | content | card name"
        "| what will i do | what i will do | how will i do it | actions | action needed | activity | name | title"
        "| summary | subject | item | what | aufgabe | titel | schritt | tache | etape | nom | titre"
        "| tarea | nombre | titulo | tarefa | nome | attivita | taak"
    ),
    ColumnUse.GOAL: _words(
        "goal | goals | development need | development goal | learning need | learning objective | what i want"
        "| what i want to achieve | objective | objectives | target | aim | ziel | ziele | objectif | objetivo"
        "| meta | obiettivo"
        "| doel | projects | project | project name | list | list name | section/column | section | category | board"
        "| folder | projekt | liste | projet | proyecto | projeto | progetto | lista"
    ),
    ColumnUse.DUE: _words(
        "due | due date | due on | due by | target completion | timescale | complete by | deadline | date"
        "| target date | end date | finish by | by when | by | end"
        "| when | completion date | fallig | fallig am | falligkeitsdatum | termin | datum | frist | bis | echeance"
        "| date limite | fecha | fecha limite | vencimiento | data | prazo | scadenza"
    ),
    ColumnUse.NOTES: _words(
        "notes | note | support required | support needed | resources | description | details | comments"
        "| comment | remarks | desc | notizen | beschreibung | notas"
        "| descripcion | descricao | remarques | opmerkingen"
    ),
    ColumnUse.MEASURE: _words(
        "measure | measurable outcome | outcome | measured by | success | success criteria | done when"
        "| definition of done | criteria | kpi | key result | metric | result | messgrosse | ergebnis | mesure | medida"
        "| indicador | misura"
    ),
    ColumnUse.DONE: _words(
        "done | completed | complete | completed at | completed on | is completed | finished | status | state"
        "| progress | rag | rag status | closed | erledigt | fertig | fait | termine | hecho | estado | feito"
        "| fatto | stato"
    ),
}
STATES = frozenset(
    _words(
        "to do | todo | to-do | doing | done | backlog | in progress | in review | review | blocked | inbox | today"
        "| this week | next week | later | someday | next | waiting | waiting for | complete | completed | finished"
        "| not started | open | closed | recently assigned | ideas | zu erledigen | in arbeit | erledigt | offen"
        "| fertig | a faire | en cours | fait | termine | por hacer | en curso | hecho | no section"
        "| untitled section |"
    )
)
"""Names of lists that say how far a task is, not what it is for; a blank name says nothing."""
DONE_WORDS = frozenset(
    _words(
        "yes | y | true | x | 1 | done | complete | completed | finished | closed | checked | erledigt | fertig | ja"
        "| wahr | fait | oui | termine | hecho | si | sim | feito | fatto | ✓ | ✔ | ☑ | 100% | recently completed"
        "| archived | achieved | reached"
    )
)
LEAST_DATES = 0.5  # share of the filled cells of a column without a telling name that makes it one of dates


def is_done_word(text: str) -> bool:
    """Whether a cell about the state of a task says that it is done: a word for it, or the day it was done."""
    return fold(text).strip() in DONE_WORDS or parse_date(text) is not None


def plain_name(name: str) -> str:
    """Return the name of a column as names are compared: "What will I do?" is "what will i do"."""
    return " ".join(fold(name).replace("_", " ").split()).strip(" ?:*")


def all_states(names: Sequence[str]) -> bool:
    """Whether the names of lists say how far their tasks are, and nothing else."""
    return all(fold(name).strip() in STATES for name in names)


def guess_uses(table: ListTable) -> list[ColumnUse]:
    """Return the use of each column. One column is the step or the goal; of others, each use comes once."""
    names = [plain_name(name) for name in table.columns]
    uses = [ColumnUse.LEFT_OUT] * len(names)
    for use, known in NAMES_OF_USES.items():
        free = [number for number, taken in enumerate(uses) if taken == ColumnUse.LEFT_OUT]
        fits = [number for number in free if names[number] in known and _holds_something(table, number, use)]
        if fits:
            uses[min(fits, key=lambda number: known.index(names[number]))] = use
    if ColumnUse.DUE not in uses:
        _guess_dates(table, uses)
    if not {ColumnUse.TITLE, ColumnUse.GOAL} & set(uses):
        _guess_titles(table, uses)
    return uses


def _holds_something(table: ListTable, number: int, use: ColumnUse) -> bool:
    """Whether a column is worth its use: an empty one is not, and states of tasks are not goals."""
    cells = [cell for cell in table.column(number) if cell]
    if use == ColumnUse.GOAL:
        return bool(cells) and not all_states(cells)
    return bool(cells) or not table.rows


def _guess_dates(table: ListTable, uses: list[ColumnUse]) -> None:
    for number, use in enumerate(uses):
        cells = [cell for cell in table.column(number) if cell]
        dates = sum((parse_date(cell) or parse_month(cell)) is not None for cell in cells)
        if use == ColumnUse.LEFT_OUT and cells and dates >= LEAST_DATES * len(cells):
            uses[number] = ColumnUse.DUE
            return


def _guess_titles(table: ListTable, uses: list[ColumnUse]) -> None:
    """Take the first column that has words in most of its cells."""
    for number, use in enumerate(uses):
        cells = table.column(number)
        words = sum(any(letter.isalpha() for letter in cell) for cell in cells)
        if use == ColumnUse.LEFT_OUT and 2 * words > len(cells):
            uses[number] = ColumnUse.TITLE
            return
