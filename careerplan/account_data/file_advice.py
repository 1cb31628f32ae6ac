"""What to say of a file of the wrong kind, and what to do with it.

All pages that take files use it, so that a reason names the file and not the reader that failed first.
"""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from careerplan.account_data.file_kinds import FileKind

Text = str | Promise
# The names of programs are put in: they are not translated, and look like names of classes.
_FROM = {
    "CV": _("This is a CV from {program}."),
    "document": _("This is a document from {program}."),
    "spreadsheet": _("This is a spreadsheet from {program}."),
}
_AS_PDF = _("Save it as PDF or Word file and choose that file.")
_CV_PAGE = _("If it is a CV, use the page “Import a CV or a list”.")
_LIST_PAGE = _("To import it, use the page “Import a CV or a list”.")
_CV_ONLY = _("This page reads CVs, as PDF, Word, LinkedIn, Europass and JSON Resume, and lists, as tables and tasks.")


def _from(what: str, program: str) -> Text:
    return format_lazy(_FROM[what], program=program)


NAMES: dict[FileKind, Text] = {
    FileKind.CAREERPLAN: _("This is an export from Careerplan."),
    FileKind.JSON_RESUME: _("This is a CV as JSON Resume."),
    FileKind.REACTIVE_RESUME: _from("CV", "Reactive Resume"),
    FileKind.EUROPASS_XML: _("This is a Europass CV."),
    FileKind.EUROPASS_JSON: _("This is a Europass CV."),
    FileKind.BADGE: _("This is an Open Badge, a certificate as a file."),
    FileKind.LINKEDIN_ZIP: _("This is a zip, like those from LinkedIn."),
    FileKind.TAR: _("This is a packed archive (tar.gz)."),
    FileKind.LINKEDIN_TABLE: _("This is a table from LinkedIn."),
    FileKind.ESCO: _("This is a list of skills from ESCO."),
    FileKind.PDF: _("This is a PDF."),
    FileKind.WORD: _("This is a Word file."),
    FileKind.TEXT: _("This is plain text."),
    FileKind.TODOIST: _("This is a list of tasks from Todoist."),
    FileKind.ASANA: _("This is a list of tasks from Asana."),
    FileKind.TRELLO: _("This is a board from Trello."),
    FileKind.GOOGLE_TASKS: _("This is a list of tasks from Google Tasks."),
    FileKind.NOTION: _("This is a table from Notion."),
    FileKind.CALENDAR: _("This is a calendar file."),
    FileKind.GOALS: _("This is a table (CSV) with a list of goals."),
    FileKind.TABLE: _("This is a table (CSV)."),
    FileKind.EXCEL: _("This is an Excel file."),
    FileKind.OFFICE_97: _("This is an old Word or Excel file, or one with a password."),
    FileKind.POWERPOINT: _("This is a file with slides."),
    FileKind.OPEN_DOCUMENT: _from("document", "LibreOffice"),
    FileKind.OPEN_SPREADSHEET: _from("spreadsheet", "LibreOffice"),
    FileKind.PAGES: _("This is a file from Apple Pages, Numbers or Keynote."),
    FileKind.RTF: _("This is an RTF document."),
    FileKind.HTML: _("This is a web page."),
    FileKind.EPUB: _("This is an e-book."),
    FileKind.XML: _("This is an XML file of a kind that we do not know."),
    FileKind.JSON: _("This is a JSON file of a kind that we do not know."),
    FileKind.VCARD: _("This is a contact card."),
    FileKind.EMAIL: _("This is an email."),
    FileKind.PICTURE: _("This is a picture."),
    FileKind.SOUND: _("This is a sound or a film."),
    FileKind.PROGRAM: _("This is a program."),
    FileKind.ZIP: _("This is a zip without a table from LinkedIn in it."),
    FileKind.PACKED: _("This is a packed archive."),
    FileKind.UNKNOWN: _("We do not know this kind of file."),
}
WAYS_TO_A_CV: dict[FileKind, Text] = {
    FileKind.CAREERPLAN: _("Import it on the page “Your data”."),
    FileKind.OFFICE_97: _("Open it, save it as .docx or .xlsx without a password, and choose that file."),
    FileKind.OPEN_DOCUMENT: _AS_PDF,
    FileKind.RTF: _AS_PDF,
    FileKind.PAGES: _AS_PDF,
    FileKind.HTML: _AS_PDF,
    FileKind.POWERPOINT: _AS_PDF,
    FileKind.EPUB: _AS_PDF,
    FileKind.EMAIL: _("Save its attachment and choose that file."),
    FileKind.PICTURE: _("We cannot read the text in a picture. Choose the file that it was made from."),
    FileKind.ZIP: _("Unpack it and choose your CV in it."),
    FileKind.PACKED: _("Unpack it and choose your CV in it."),
    FileKind.VCARD: _CV_ONLY,
    FileKind.JSON: _CV_ONLY,
    FileKind.XML: _CV_ONLY,
}
READ_AS_CV = frozenset(
    {
        *(
            FileKind.JSON_RESUME,
            FileKind.REACTIVE_RESUME,
            FileKind.EUROPASS_XML,
            FileKind.EUROPASS_JSON,
            FileKind.BADGE,
        ),
        *(FileKind.LINKEDIN_ZIP, FileKind.TAR, FileKind.LINKEDIN_TABLE, FileKind.ESCO),
        *(FileKind.PDF, FileKind.WORD, FileKind.TEXT),
    }
)

READ_AS_TABLE = frozenset({FileKind.TODOIST, FileKind.ASANA, FileKind.NOTION, FileKind.GOALS, FileKind.TABLE})
READ_AS_SHEET = frozenset({FileKind.EXCEL, FileKind.OPEN_SPREADSHEET, FileKind.OFFICE_97})
READ_AS_LIST = READ_AS_TABLE | READ_AS_SHEET | {FileKind.TRELLO, FileKind.GOOGLE_TASKS, FileKind.CALENDAR}


def why_no_cv(kind: FileKind) -> str:
    """Return what to say of a file from which no CV is read."""
    return f"{NAMES[kind]} {WAYS_TO_A_CV.get(kind, _CV_ONLY)}"


def why_no_export(kind: FileKind) -> str:
    """Return what to say of a file that is not an export from Careerplan; "" if only reading it can tell."""
    if kind in {FileKind.CAREERPLAN, FileKind.JSON, FileKind.UNKNOWN}:
        return ""
    if kind in READ_AS_LIST:
        return f"{NAMES[kind]} {_LIST_PAGE}"
    way = _CV_PAGE if kind in READ_AS_CV else _("This page reads only what Careerplan has exported.")
    return f"{NAMES[kind]} {way}"
