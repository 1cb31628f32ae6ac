"""App configurations of core and of static files."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class CoreConfig(AppConfig):
    name = "careerplan.core"
    default = True  # of the configurations in this module

    def ready(self) -> None:
        """Check the source of time zones, make closed rows read-only, and register the checks."""
        from careerplan.core import checks  # noqa: F401, PLC0415  (registers them)
        from careerplan.core.readonly import install  # noqa: PLC0415  (needs the models loaded)
        from careerplan.core.time_zones import zone_data_version  # noqa: PLC0415  (as above)

        zone_data_version()
        if settings.SENTRY_DSN:
            from careerplan.core.error_reports import send_errors  # noqa: PLC0415  (only where it is used)

            send_errors(settings.SENTRY_DSN)
        rules = import_module(settings.READONLY_RULES)
        install(rules.CLOSED, rules.RULES)


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Static files without those that no page loads: parts of the style sheet, sources of packages."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "*.md", "*.ts", "css/*"]
