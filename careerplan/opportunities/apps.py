"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    """Chances to advance, weighed against one's own plan."""

    name = "careerplan.opportunities"
    verbose_name = _("Opportunities")

    def ready(self) -> None:
        """Listen to new chapters."""
        from careerplan.opportunities.carry import carry_opportunities  # noqa: PLC0415
        from careerplan.planning.services.new_plan import new_plan_started  # noqa: PLC0415  (the models are loaded by now)

        new_plan_started.connect(carry_opportunities)
