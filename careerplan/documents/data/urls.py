"""Addresses of one's own data: taking them along, bringing them in, and the schema for everybody."""

from django.urls import path

from careerplan.documents.data import views

app_name = "data"
urlpatterns = [
    path("", views.home, name="home"),
    path("careerplan-export-1.schema.json", views.schema, name="schema"),
    path("careerplan.json", views.download, name="json"),
    path("tables.zip", views.tables, name="tables"),
    path("resume.json", views.resume, name="resume"),
    path("file/", views.ask_for_file, name="file-ask"),
    path("file/<int:pk>/", views.file, name="file"),
    path("import/", views.import_page, name="import"),
    path("import/bring-in/", views.import_finish, name="import-finish"),
    path("import/discard/", views.import_discard, name="import-discard"),
]
