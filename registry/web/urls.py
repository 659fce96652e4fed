"""Addresses of the pages."""

from django.urls import path

from registry.web.views import account, case, cases, digests, edit, home, labels, log, patterns, steps, taxonomy

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
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/compute", patterns.compute, name="pattern-compute"),
    path("patterns/job", patterns.job, name="pattern-job"),
    path("patterns/runs/", patterns.runs, name="pattern-runs"),
    path("patterns/runs/<int:run>/", patterns.run, name="pattern-run"),
    path("patterns/pairs/<int:pk>/", patterns.pair, name="pattern-pair"),
    path("taxonomy/", taxonomy.taxonomy, name="taxonomy"),
    path("taxonomy/<slug:scheme>/<slug:slug>/", taxonomy.node, name="node"),
    path("digests/", digests.digest_list, name="digest-list"),
    path("digests/subscription/", digests.subscription, name="digest-subscription"),
    path("digests/stop/<str:token>/", digests.stop, name="digest-stop"),
    path("digests/<int:pk>/", digests.digest, name="digest"),
    path("digests/<int:pk>/letter", digests.letter, name="digest-letter"),
    path("account/me/", account.me, name="account"),
]
