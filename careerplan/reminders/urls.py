"""URLs of reminder settings, upcoming and sent emails, and stop links."""

from django.urls import path

from careerplan.reminders import views

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
