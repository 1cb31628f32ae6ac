"""App configuration."""

from allauth.account.signals import user_logged_in
from django.apps import AppConfig


class ExploreConfig(AppConfig):
    """The public pages of occupations."""

    name = "careerplan.explore"

    def ready(self) -> None:
        from careerplan.explore.receivers import keep_after_sign_in  # noqa: PLC0415  (the models are loaded by now)

        user_logged_in.connect(keep_after_sign_in, dispatch_uid="explore.keep_after_sign_in")
