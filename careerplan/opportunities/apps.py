"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpportunitiesConfig(AppConfig):
    """Chances to advance, weighed against one's own plan."""

    name = "careerplan.opportunities"
    verbose_name = _("Opportunities")

    def ready(self) -> None:
        """Listen to new chapters."""
        from careerplan.goals.signals import chapter_begun  # noqa: PLC0415  (the models are loaded by now)
        from careerplan.opportunities.carry import carry_opportunities  # noqa: PLC0415

        chapter_begun.connect(carry_opportunities)
