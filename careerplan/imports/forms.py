"""Forms for choosing a file, and for choosing what of a CV to import."""

import io
from collections.abc import Iterable
from typing import Any, BinaryIO

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.account_data.forms import ImportForm
from careerplan.catalogue.models import EducationLevel
from careerplan.core.forms import BaseForm, LongTextField
from careerplan.core.sentences import join_list, quoted
from careerplan.imports.content import CvPosition, CvSchool, normalize_name
from careerplan.imports.queries import NAME, OWN, CvProposals, ProposedSkill
from careerplan.imports.services import CvSelection
from careerplan.skills.services.own_skills import MOST_OWN_SKILLS
from careerplan.skills.texts import education_text

Row = tuple[Any, str]  # a checkbox and the hint beside it
KEEP = ""
MAX_PASTED = 100_000  # characters
GONE = gettext_lazy("We did not find this in your file. Choose the file again.")


class FileOrTextForm(ImportForm):
    """Form for one file, or a text that is pasted."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A CV, a list of goals, or tasks from another program, up to 50 MB."),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )
    text = LongTextField(
        label=gettext_lazy("Or paste a text"),
        required=False,
        max_length=MAX_PASTED,
        help_text=gettext_lazy("Such as a list, or rows from a spreadsheet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmark_optional("file", "text")  # one of the two is needed

    def clean(self) -> dict[str, Any]:
        """Require a file or a text."""
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("file") or cleaned.get("text")):
            self.add_error("file", forms.ValidationError(_("Choose a file or paste a text."), code="required"))
        return cleaned

    @property
    def content(self) -> BinaryIO:
        """Return the file; the text as one where no file was chosen."""
        return self.cleaned_data.get("file") or io.BytesIO(self.cleaned_data["text"].encode())


def _ticks(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": GONE, "invalid_list": GONE},
    )


def _one(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": GONE},
    )


class CvSelectForm(BaseForm):
    """Form for choosing what to import. Certain matches are ticked already; guesses and own skills are not."""

    skills = _ticks(gettext_lazy("Skills"))
    position = _one(gettext_lazy("Your current role"))
    school = _one(gettext_lazy("Your education"))
    certificates = _ticks(gettext_lazy("Certificates"))

    def __init__(self, data: QueryDict | None, *, proposals: CvProposals) -> None:
        super().__init__(data, initial=_initial(proposals))
        self.proposals, seen = proposals, proposals.seen
        self._choices("skills", (one.name for one in proposals.skills))
        self._choices("certificates", proposals.certificates)
        self._choices("position", map(_position_words, proposals.positions), keep=seen.role)
        self._choices("school", map(_school_words, proposals.schools), keep=education_text(seen.level, seen.field))
        self.unmark_optional(*self.fields)  # a box need not be ticked

    def _choices(self, name: str, labels: Iterable[str], keep: str | None = None) -> None:
        choices = [(str(place), label) for place, label in enumerate(labels)]
        if keep is not None:
            choices.append((KEEP, _("No change: %(words)s") % {"words": keep} if keep else _("None of these")))
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def known_skills(self) -> list[Row]:
        """Return existing skills with the names in the CV that matched them."""
        return [row for one, row in self._skill_rows() if one.how != OWN]

    def own_skills(self) -> list[Row]:
        """Return names that would become the user's own skills."""
        return [row for one, row in self._skill_rows() if one.how == OWN]

    def _skill_rows(self) -> list[tuple[ProposedSkill, Row]]:
        return [
            (one, (box, _why(one))) for one, box in zip(self.proposals.skills, self["skills"].subwidgets, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        """Require at least one choice."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Tick at least one thing to import."), code="nothing-ticked")
        return cleaned

    @property
    def own_limit(self) -> str:
        """Return what to say before sending if the file names more own skills than an account can have."""
        named, seen = sum(one.how == OWN for one in self.proposals.skills), self.proposals.seen
        most = MOST_OWN_SKILLS - seen.own_skills
        if named <= most:
            return ""
        words = _("You can have at most %(most)s skills of your own. Tick at most %(free)s of these %(named)s.")
        return words % {"most": MOST_OWN_SKILLS, "free": max(most, 0), "named": named}

    def too_many_own(self) -> str:
        """Return what to say if more own skills are ticked than an account can have."""
        ticked = sum(one.how == OWN for one in self.picked().skills)
        over = ticked + self.proposals.seen.own_skills - MOST_OWN_SKILLS
        words = _("You can have at most %(most)s skills of your own. You ticked %(ticked)s here, so untick %(over)s.")
        return words % {"most": MOST_OWN_SKILLS, "ticked": ticked, "over": max(over, 1)}

    def picked(self) -> CvSelection:
        """Return the selection of a valid form."""
        found, data = self.proposals, self.cleaned_data
        return CvSelection(
            skills=[found.skills[int(place)] for place in data["skills"]],
            role=found.positions[int(data["position"])].role if data["position"] else "",
            school=found.schools[int(data["school"])] if data["school"] else None,
            certificates=[found.certificates[int(place)] for place in data["certificates"]],
        )


def _initial(proposals: CvProposals) -> dict[str, Any]:
    """Return what is ticked at first: nothing that would replace an existing answer."""
    seen, ranks = proposals.seen, _ranks(proposals.schools)
    current = [(one.since, -place) for place, one in enumerate(proposals.positions) if one.is_current]
    return {
        "skills": [str(place) for place, one in enumerate(proposals.skills) if one.how == NAME],
        "certificates": [str(place) for place in range(len(proposals.certificates))],
        "position": str(-max(current)[1]) if current and not seen.role else KEEP,  # the newest
        "school": str(ranks.index(max(ranks))) if ranks and not any(seen.education) else KEEP,
    }


def _ranks(schools: list[CvSchool]) -> list[int]:
    return [EducationLevel(one.level).rank if one.level else -1 for one in schools]


def _position_words(one: CvPosition) -> str:
    words = join_list(text for text in (one.role, one.organisation, one.span) if text)
    return _("%(job)s. We could not read when it ended.") % {"job": words} if one.is_unclear else words


def _school_words(one: CvSchool) -> str:
    words = education_text(one.level, one.field)
    return _("%(education)s (%(school)s)") % {"education": words, "school": one.name} if one.name else words


def _why(one: ProposedSkill) -> str:
    """How the names of the resume led to a skill."""
    names = join_list(quoted(name) for name in one.names if normalize_name(name) != normalize_name(one.name))
    if one.how == OWN:
        return ""
    if one.how != NAME:
        return _("Is this what your file calls %(names)s?") % {"names": names}
    return _("Your file says %(names)s.") % {"names": names} if names else _("In your file.")
