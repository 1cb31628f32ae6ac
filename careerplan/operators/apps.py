"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperatorsConfig(AppConfig):
    """Operators: who runs the site, and what they do with accounts."""

    name = "careerplan.operators"
    verbose_name = _("Operators")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # noqa: PLC0415  (the models are loaded by now)

        from careerplan.operators.receivers import make_first_operator  # noqa: PLC0415

        user_logged_in.connect(make_first_operator, dispatch_uid="operators.make_first_operator")
