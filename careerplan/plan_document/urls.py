"""URLs of the plan document. The query string holds the chosen parts, the same for the page and the files."""

from django.urls import path

from careerplan.plan_document import views

app_name = "plan_document"
urlpatterns = [
    path("", views.own_document, name="own"),
    path("<int:pk>/", views.document_page, name="page"),
    path("<int:pk>/pdf/", views.document_pdf, name="pdf"),
    path("<int:pk>/word/", views.document_word, name="word"),
    path("<int:pk>/file/", views.request_file, name="file-request"),
    path("file/", views.file_page, name="file"),
    path("file/cancel/", views.cancel_file, name="file-cancel"),
    path("file/<int:pk>/", views.download_file, name="file-download"),
]
