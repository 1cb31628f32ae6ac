"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """CVs from elsewhere: JSON Resume and LinkedIn."""

    name = "careerplan.imports"
    verbose_name = _("Imports")
