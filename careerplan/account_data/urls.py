"""URLs of account data: export, import, and the public schema."""

from django.urls import path

from careerplan.account_data import views
from careerplan.account_data.schema import PUBLISHED

app_name = "account_data"
urlpatterns = [
    path("", views.home, name="home"),
    path(PUBLISHED.name, views.schema, name="schema"),
    path("export/", views.export, name="export"),
    path("careerplan.json", views.download, name="download"),
    path("tables.zip", views.csv_tables, name="csv-tables"),
    path("cv.json", views.json_resume, name="json-resume"),
    path("file/", views.request_export, name="file-request"),
    path("file/<int:pk>/", views.file, name="file"),
    path("import/", views.import_page, name="import"),
    path("import/finish/", views.import_finish, name="import-finish"),
    path("import/discard/", views.import_discard, name="import-discard"),
    path("import/<int:pk>/", views.import_record, name="import-record"),
    path("import/<int:pk>/undo/", views.import_undo, name="import-undo"),
]
