"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanDocumentConfig(AppConfig):
    """The plan as a page, a PDF and a Word file."""

    name = "careerplan.plan_document"
    verbose_name = _("Plan document")
