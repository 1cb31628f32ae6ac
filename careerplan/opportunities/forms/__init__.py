"""Forms of opportunities."""

from careerplan.opportunities.forms.criteria import CriteriaForm
from careerplan.opportunities.forms.deciding import DecideForm, JudgeForm, PursueForm
from careerplan.opportunities.forms.facts import EditForm, NoteForm
from careerplan.opportunities.forms.needed import AdvertForm, ProposalsForm, SkillsForm
from careerplan.opportunities.forms.weighing import WeighForm

__all__ = [
    "AdvertForm",
    "CriteriaForm",
    "DecideForm",
    "EditForm",
    "JudgeForm",
    "NoteForm",
    "ProposalsForm",
    "PursueForm",
    "SkillsForm",
    "WeighForm",
]
