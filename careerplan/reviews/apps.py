"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """App configuration of reviews."""

    name = "careerplan.reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Add what reviews say about obstacles to the page of what was worth it."""
        # The models are loaded by now.
        from careerplan.goals.queries.obstacles import ledger_parts  # noqa: PLC0415
        from careerplan.reviews.obstacles import obstacle_ledger  # noqa: PLC0415

        ledger_parts.append(obstacle_ledger)
