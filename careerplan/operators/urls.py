"""URLs of the operator's pages; OperatorMiddleware guards the namespace. And the link that confirms a new address."""

from django.urls import path

from careerplan.operators.views import audit, health, new_address, people, site

app_name = "operators"
urlpatterns = [
    path("", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/<slug:name>/", people.act, name="act"),
    path("invitations/", people.invitations, name="invitations"),
    path("invitations/<int:pk>/cancel/", people.cancel_invitation, name="invitation-cancel"),
    path("site/", site.site, name="site"),
    path("site/logo/", site.logo, name="logo"),
    path("site/logo/remove/", site.logo_remove, name="logo-remove"),
    path("site/texts/<slug:kind>/", site.legal_text, name="legal-text"),
    path("health/", health.health, name="health"),
    path("health/test-email/", health.send_test_mail, name="test-email"),
    path("audit-log/", audit.audit_log, name="audit-log"),
]

new_address_urls = ([path("<str:token>/", new_address.confirm, name="confirm")], "new_address")
