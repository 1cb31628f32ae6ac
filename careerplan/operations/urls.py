"""URLs of the operator's page about the server; OperatorMiddleware guards the namespace."""

from django.urls import path

from careerplan.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.server, name="server"),
    path("backup/", views.ask_backup, name="backup"),
    path("backup/<int:pk>/check/", views.ask_check, name="backup-check"),
    path("provider/", views.ask_provider, name="provider"),
    path("ask/<slug:kind>/<str:target>/", views.ask_server, name="ask"),
    path("emails/", views.resume_emails, name="emails"),
    path("keys/", views.use_newest_key, name="keys"),
]
