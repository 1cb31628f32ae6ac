"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """What leaves the product and comes back: the plan as a document, its dates as a calendar, all data, a resume."""

    name = "careerplan.documents"
    verbose_name = _("Documents")
