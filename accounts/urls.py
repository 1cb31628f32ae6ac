"""Pages of the person: settings that are not allauth's."""

from django.urls import path

from accounts import deletion_views, views

app_name = "accounts"
urlpatterns = [
    path("settings/profile/", views.profile, name="profile"),
    path("settings/appearance/", views.appearance, name="appearance"),
    path("delete/", deletion_views.page, name="delete"),
    path("delete/ask/", deletion_views.ask, name="delete-ask"),
    path("delete/now/", deletion_views.delete_now, name="delete-now"),
    path("delete/cancel/", deletion_views.cancel, name="delete-cancel"),
    path("signup/again/", views.restart, name="restart"),
]
