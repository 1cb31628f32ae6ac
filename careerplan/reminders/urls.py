"""Addresses of reminder settings, upcoming and sent emails, notifications, and of the links in emails."""

from django.urls import path

from careerplan.reminders import views
from careerplan.reminders.email_actions import views as email_views

app_name = "reminders"
urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("settings/keep/", views.keep_as_is, name="keep"),
    path("goal/<int:pk>/", views.save_goal, name="goal"),
    path("upcoming/", views.upcoming, name="upcoming"),
    path("sent/", views.sent, name="sent"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/seen/", views.mark_notifications_seen, name="notifications-seen"),
    path("settings/address/", views.try_address_again, name="address-again"),
    path("stop/<str:token>/", views.stop, name="stop"),
]

# Below /r/: short, because they appear in plain text with 76 characters a line.
email_action_urls = (
    [
        path("<str:token>/done/", email_views.done, name="done"),
        path("<str:token>/week/", email_views.week, name="week"),
        path("<str:token>/stuck/", email_views.stuck, name="stuck"),
        path("<str:token>/let-go/", email_views.let_go, name="let-go"),
        path("<str:token>/confirm/", email_views.confirm, name="confirm"),
        path("<str:token>/worth/", email_views.worth, name="worth"),
    ],
    "email_action",
)
