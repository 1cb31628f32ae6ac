"""Every address of the product."""

from django.conf import settings
from django.urls import include, path

from careerplan.core import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("account/", include("accounts.urls")),
    path("account/", include("accounts.allauth_urls")),
    path("skills/", include("careerplan.skills.urls")),
    path("goals/", include("careerplan.goals.urls")),
    path("reminders/", include("careerplan.reminders.urls")),
    path("", include("careerplan.dashboard.urls")),
]
if settings.LOCAL_MAIL_DIR:
    urlpatterns.append(path("local/", include("careerplan.local.urls")))

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
