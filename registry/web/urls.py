"""Addresses of the pages."""

from django.urls import path

from registry.web.views import account, case, cases, edit, home, labels, log, steps

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", cases.case_list, name="case-list"),
    path("cases/new", log.log_case, name="case-log"),
    path("cases/<str:reference>/", case.case_page, name="case"),
    path("cases/<str:reference>/receipt", log.receipt, name="case-receipt"),
    path("cases/<str:reference>/history", case.case_history, name="case-history"),
    path("cases/<str:reference>/edit", edit.edit_case, name="case-edit"),
    path("cases/<str:reference>/steps/<slug:step>", steps.take_step, name="case-step"),
    path("cases/<str:reference>/labels/", labels.label_case, name="case-label"),
    path("cases/<str:reference>/labels/<int:number>/take-back", labels.take_back, name="case-label-take-back"),
    path("account/me/", account.me, name="account"),
]
