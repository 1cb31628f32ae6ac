"""URLs of the plan document. The query string holds the chosen parts, the same for the page and the files."""

from django.urls import path

from careerplan.plan_document import views

app_name = "plan_document"
urlpatterns = [
    path("", views.own_document, name="own"),
    path("<int:pk>/", views.document_page, name="page"),
    path("<int:pk>/pdf/", views.document_pdf, name="pdf"),
    path("<int:pk>/word/", views.document_word, name="word"),
]
