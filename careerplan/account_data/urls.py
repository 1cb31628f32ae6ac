"""Addresses of one's own data: taking them along, bringing them in, and the schema for everybody."""

from django.urls import path

from careerplan.account_data import views

app_name = "account_data"
urlpatterns = [
    path("", views.home, name="home"),
    path("careerplan-export-1.schema.json", views.schema, name="schema"),
    path("careerplan.json", views.download, name="download"),
    path("tables.zip", views.tables, name="csv-tables"),
    path("cv.json", views.json_resume, name="json-resume"),
    path("file/", views.ask_for_file, name="file-request"),
    path("file/<int:pk>/", views.file, name="file"),
    path("import/", views.import_page, name="import"),
    path("import/finish/", views.import_finish, name="import-finish"),
    path("import/discard/", views.import_discard, name="import-discard"),
]
