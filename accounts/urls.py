"""Pages of the person: settings that are not allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/profile/", views.profile, name="profile"),
    path("settings/appearance/", views.appearance, name="appearance"),
    path("signup/again/", views.restart, name="restart"),
]
