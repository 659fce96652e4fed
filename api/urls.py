"""Addresses of the REST API."""

from django.urls import path, re_path

from api.routes import case_parts, cases, feed, knowledge, people, work
from api.views import document, problems

urlpatterns = [
    *people.routes,
    *cases.routes,
    *case_parts.routes,
    *work.routes,
    *knowledge.routes,
    *feed.routes,
    path("openapi.json", document.Document.as_view(), name="api-schema"),
    path("docs/", document.docs, name="api-docs"),
    path("problems/", problems.problem_list, name="api-problems"),
    path("problems/<slug:slug>/", problems.problem_page, name="api-problem"),
    re_path(r"", problems.nothing_here),
]
