"""Forms of the owner: whom to invite, what they see, for how long."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import EmailField, NameField
from accounts.models import User
from careerplan.core.forms import BaseForm, LongTextField
from careerplan.goals.models import Goal
from careerplan.mentoring.email_words import has_link
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.models.mentorship import LINE_LENGTH, NAME_LENGTH, PARTS
from careerplan.plans.models import Plan

MONTHS = [("1", _("1 month")), ("3", _("3 months")), ("6", _("6 months"))]
NO_LINKS = _("Leave out web and email addresses. We send no links for other people.")


class SharingForm(BaseForm):
    """What a person sees. Goals are the owner's active plan's; an id of another goal is refused."""

    goals = forms.TypedMultipleChoiceField(
        label=_("Goals"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This goal is not in your plan. Tick the goals again.")},
    )
    shows_vision = forms.BooleanField(label=_("Vision"), required=False)
    shows_strengths = forms.BooleanField(label=_("Strengths"), required=False)
    shows_reviews = forms.BooleanField(
        label=_("Summaries of reviews"), required=False, help_text=_("What you wrote about each goal stays private.")
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        own = Goal.objects.for_user(owner).filter(plan__state=Plan.State.ACTIVE).order_by("-state", "due_on", "id")
        self.own_goals = [(row.pk, row.title, row.is_active) for row in own.only("pk", "title", "state")]
        self.own_goals.sort(key=lambda goal: not goal[2])
        self.fields["goals"].choices = [(pk, title) for pk, title, _active in self.own_goals]  # type: ignore[attr-defined]  # of a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse to share nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "goals" in cleaned and not cleaned["goals"] and not any(cleaned.get(part) for part in PARTS):
            self.add_error("goals", ValidationError(_("Tick at least one thing to share."), code="nothing"))
        return cleaned

    @property
    def shows(self) -> dict[str, bool]:
        """Return the parts beside goals, by column."""
        return {part: self.cleaned_data[part] for part in PARTS}


class InvitationForm(SharingForm):
    """A person to invite."""

    name = NameField(
        label=_("Their name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = EmailField(label=_("Their email address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(
        label=_("They are my"),
        choices=Mentorship.Role.choices,
        initial=Mentorship.Role.MENTOR,
        widget=forms.RadioSelect,
    )
    months = forms.TypedChoiceField(
        label=_("How long"), coerce=int, choices=MONTHS, initial="3", widget=forms.RadioSelect
    )
    line = LongTextField(label=_("A line to them"), max_length=LINE_LENGTH, required=False)

    field_order = ["name", "email", "role", "goals", *PARTS, "months", "line"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The fields ask for one's own elsewhere.
        self.fields["name"].error_messages["required"] = _("Enter their name.")
        self.fields["email"].error_messages["required"] = _("Enter their email address.")

    def clean_email(self) -> str:
        """Refuse the owner's own addresses, which would show the plan to nobody else."""
        email: str = self.cleaned_data["email"]
        if self.owner.email == email or EmailAddress.objects.filter(user=self.owner, email__iexact=email).exists():
            raise ValidationError(_("This is your own address. Enter the address of the person."), code="own")
        return email

    def clean_line(self) -> str:
        """Refuse links: the email goes to somebody who does not know us."""
        line: str = self.cleaned_data["line"]
        if has_link(line):
            raise ValidationError(NO_LINKS, code="link")
        return line

    def clean_name(self) -> str:
        """Refuse links in the name, too."""
        name: str = self.cleaned_data["name"]
        if has_link(name):
            raise ValidationError(NO_LINKS, code="link")
        return name


def shared_now(mentorship: Mentorship) -> dict[str, Any]:
    """Return what is shared, as initial values of SharingForm. One query."""
    goals: Iterable[int] = mentorship.shared_goals.values_list("goal", flat=True)
    return {"goals": list(goals), **{part: getattr(mentorship, part) for part in PARTS}}


def draft_values(mentorship: Mentorship, today: date) -> dict[str, Any]:
    """Return a draft as initial values of InvitationForm."""
    left = (mentorship.until.year - today.year) * 12 + mentorship.until.month - today.month
    months = min((1, 3, 6), key=lambda choice: abs(choice - left))
    values = {name: getattr(mentorship, name) for name in ("name", "email", "role", "line")}
    return {**shared_now(mentorship), **values, "months": str(months)}
