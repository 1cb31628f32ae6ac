"""URLs of the legal texts, the logo, the colour and the notice."""

from django.urls import path

from careerplan.site_settings import views

app_name = "site"
urlpatterns = [
    path("terms/", views.terms, name="terms"),
    path("imprint/", views.imprint, name="imprint"),
    path("site/logo/", views.logo, name="logo"),
    path("site/theme.css", views.theme, name="theme"),
    path("site/notice/hide/", views.hide_notice, name="hide-notice"),
]
