"""Addresses of the calendar. The part after feed/ is a key, which careerplan.core.logs keeps out of the logs."""

from django.urls import path

from careerplan.calendar_feed import views

app_name = "calendar_feed"
urlpatterns = [
    path("", views.home, name="home"),
    path("careerplan.ics", views.download, name="download"),
    path("address/new/", views.make_address, name="address-new"),
    path("address/stop/", views.stop_address, name="address-stop"),
    path("feed/<str:token>.ics", views.feed, name="feed"),
]
