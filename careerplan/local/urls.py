"""URLs of the local mail pages, below /local/ and a key that `make run` prints; only if LOCAL_MAIL_DIR is set."""

from django.urls import path, re_path

from careerplan.local import views
from careerplan.local.mailbox import NAME

app_name = "local"

urlpatterns = [
    path("mail/", views.mail_list, name="mail-list"),
    re_path(rf"^mail/(?P<name>{NAME})/$", views.mail_detail, name="mail-detail"),
    re_path(rf"^mail/(?P<name>{NAME})/html/$", views.mail_html, name="mail-html"),
]
