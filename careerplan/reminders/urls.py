"""Addresses of reminder settings, and of the link that stops e-mails."""

from django.urls import path

from careerplan.reminders import views

app_name = "reminders"
urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
