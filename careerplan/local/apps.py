"""App configuration of the local mail pages; it has no models."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    """Installed only where LOCAL_MAIL_DIR is set."""

    name = "careerplan.local"
