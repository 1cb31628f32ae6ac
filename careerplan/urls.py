"""All URLs of the product."""

from django.conf import settings
from django.urls import include, path

from accounts.urls import allauth_urlpatterns, mfa_urlpatterns, openid_urlpatterns
from careerplan.calendar_feed.views import password_reset_done
from careerplan.core import views
from careerplan.dashboard.urls import results_urlpatterns
from careerplan.explore.views import robots, sitemap
from careerplan.operators.urls import new_address_urls
from careerplan.planning.urls import urlpatterns as planning_urlpatterns
from careerplan.plans.urls import app_name as plans_name
from careerplan.plans.urls import urlpatterns as plans_urlpatterns
from careerplan.reminders.urls import email_action_urls
from careerplan.skills.urls import app_name as skills_name
from careerplan.skills.urls import urlpatterns as skills_urlpatterns

# One namespace, two apps: the results show goals, which the skills app does not know.
skills_pages = ([*skills_urlpatterns, *results_urlpatterns], skills_name)
plan_pages = ([*plans_urlpatterns, *planning_urlpatterns], plans_name)

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/web/", views.alive, name="alive"),
    path("health/metrics/", views.metrics, name="metrics"),
    path("health/proxy/", views.through_proxy, name="through-proxy"),
    path("account/", include("accounts.urls")),
    # Here, because it offers to stop the calendar, which accounts do not know.
    path("account/password/reset/key/done/", password_reset_done, name="account_reset_password_from_key_done"),
    path("account/", include(allauth_urlpatterns)),
    path("account/", include(mfa_urlpatterns)),
    path("account/", include(openid_urlpatterns)),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("occupations/", include("careerplan.explore.urls")),
    path("skills/", include(skills_pages)),
    path("goals/", include("careerplan.goals.urls")),
    path("opportunities/", include("careerplan.opportunities.urls")),
    path("reviews/", include("careerplan.reviews.urls")),
    path("plan/", include(plan_pages)),
    path("document/", include("careerplan.plan_document.urls")),
    path("people/", include("careerplan.mentoring.owner.urls")),
    path("people/", include("careerplan.second_opinion.owner.urls")),
    path("people/", include("careerplan.meetings.owner.urls")),
    path("with/", include("careerplan.meetings.mentor.urls")),
    path("with/", include("careerplan.mentoring.mentor.urls")),
    path("with/", include("careerplan.second_opinion.mentor.urls")),
    path("people/", include("careerplan.conversation.owner.urls")),
    path("with/", include("careerplan.conversation.mentor.urls")),
    path("reminders/", include("careerplan.reminders.urls")),
    path("r/", include(email_action_urls)),
    path("data/", include("careerplan.account_data.urls")),
    path("calendar/", include("careerplan.calendar_feed.urls")),
    path("import/", include("careerplan.imports.urls")),
    path("operator/", include("careerplan.operators.urls")),
    path("operator/server/", include("careerplan.operations.urls")),
    path("account/address/", include(new_address_urls)),
    path("", include("careerplan.site_settings.urls")),
    path("", include("careerplan.dashboard.urls")),
]
if settings.LOCAL_MAIL_DIR:
    urlpatterns.append(path(f"local/{settings.LOCAL_MAIL_KEY}/", include("careerplan.local.urls")))

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
handler429 = "accounts.waiting.too_many_requests"  # allauth's own: it answers where attempts are limited
