"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    """Chances to advance, weighed against one's own plan."""

    name = "careerplan.opportunities"
    verbose_name = _("Opportunities")
