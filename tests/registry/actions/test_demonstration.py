"""The demonstration catalogue in the database: its totals, its people, and that it goes as it came."""

import io
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.http import QueryDict

from registry.actions import demonstration
from registry.actions.cases import edit_case
from registry.actions.evidence import add_note
from registry.choices import Status
from registry.filters import CaseFilterSet
from registry.models import (
    Case,
    CaseParty,
    CaseSource,
    CaseSystem,
    Classification,
    ExternalId,
    Job,
    Label,
    PatternPair,
    Person,
    RatedScheme,
)
from taxonomy.actions import load_taxonomy
from taxonomy.models import Node
from tests import analysed
from tests.factories import NOW, make_case, make_person
from tests.registry.patterns.runs import run_now

CASE_ROWS = (Case, CaseSystem, CaseParty, CaseSource, ExternalId, Label, Classification)


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup, django_db_blocker):
    """Loaded once for the module; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        load_taxonomy()
        yield demonstration.load_demonstration(by=None, at=NOW)
        # The history keeps what was deleted, and later tests read it: leave the database as it was found.
        call_command("flush", interactive=False, verbosity=0)
        load_taxonomy()


pytestmark = pytest.mark.django_db


def counted(field):
    return dict(Case.objects.values_list(field).annotate(n=Count("pk")).values_list(field, "n"))


def labelled(scheme):
    nodes = Classification.objects.filter(node__scheme__slug=scheme).values_list("node__slug", flat=True)
    return Counter(nodes)


def test_106_cases_of_which_94_core_stand_in_analysis_and_12_wait_in_triage(catalogue):
    assert catalogue == 106
    assert counted("status") == {"analysis": 94, "triage": 12}
    assert counted("scope") == {"core": 94, "boundary": 12}
    assert Case.objects.filter(scope="core", status="analysis", owner__username="catalogue").count() == 94


def test_64_cases_are_from_laboratories_and_42_from_production():
    assert counted("stage") == {"evaluation": 64, "deployment": 42}
    assert counted("kind") == {"finding": 64, "incident": 42}


def test_severities():
    assert counted("realised_severity__slug") == {"none": 62, "low": 16, "moderate": 14, "high": 9, "critical": 5}
    assert counted("potential_severity__slug") == {"low": 27, "moderate": 32, "high": 28, "critical": 19}


def test_failure_types():
    types = {slug: n for slug, n in labelled("case-framework").items() if slug.startswith("type-")}

    assert types == {"type-behavioral": 82, "type-objective": 13, "type-strategic": 11}


def test_causes():
    assert labelled("misalignment-causes") == {
        "volition-based": 70,
        "capabilities-based": 23,
        "perfect-correlate": 11,
        "human-normative": 8,
        "overfit": 3,
        "precocious": 2,
        "underfit": 2,
        "human": 2,
        "human-unendorsed": 1,
        "human-undemocratic": 1,
    }


def test_mechanisms_and_goodhart():
    mechanisms = labelled("mechanism")
    most = ("specification-gaming", "simulator-exploit", "sycophancy", "test-gaming", "unauthorized-action")

    assert [mechanisms[slug] for slug in (*most, "m-goal-misgen")] == [24, 11, 10, 8, 8, 7]
    assert labelled("goodhart") == {"adversarial": 21, "regressional": 21, "extremal": 17, "causal": 17}
    assert Case.objects.exclude(classifications__node__scheme__slug="goodhart").count() == 30


def test_what_is_agreed_is_what_the_one_rater_labelled():
    labels = set(Label.objects.values_list("case", "node", "rater__username", "stance"))
    agreed = set(Classification.objects.values_list("case", "node", "method"))

    assert {(case, node) for case, node, *_ in labels} == {(case, node) for case, node, _ in agreed}
    assert {(rater, stance) for *_, rater, stance in labels} == {("catalogue", "present")}
    assert {method for *_, method in agreed} == {"imported"}


def test_goodhart_pairs_rest_on_76_cases_and_flagged_pairs_open_theirs():
    run = run_now()
    schemes = dict(Node.objects.values_list("pk", "scheme__slug"))
    pairs = PatternPair.objects.filter(run=run)

    sizes = {frozenset((schemes[a], schemes[b])): n for a, b, n in pairs.values_list("node_a", "node_b", "n")}
    with_goodhart = {sizes[frozenset(("goodhart", scheme))] for scheme in ("misalignment-causes", "case-framework")}

    assert (run.n_cases, run.n_groups, with_goodhart, sizes[frozenset(("goodhart",))]) == (106, 106, {76}, 76)
    flagged = list(pairs.filter(flagged=True))
    assert len(flagged) == run.n_flagged > 0
    for pair in flagged:
        opened = CaseFilterSet(QueryDict(f"pair={pair.pk}"), queryset=Case.objects.order_by("-pk")).qs
        assert [case.pk for case in opened] == pair.case_ids
        assert len(pair.case_ids) == pair.joint


def test_nobody_can_sign_in_as_the_catalogue():
    rater = Person.objects.get(username="catalogue")

    assert (rater.is_active, rater.has_usable_password(), rater.role) == (False, False, "analyst")


def test_every_case_names_a_system_a_source_and_its_number():
    bare = Case.objects.alias(systems_n=Count("case_systems"), sources_n=Count("case_sources"))

    assert not bare.filter(systems_n=0).exists()
    assert not bare.filter(sources_n=0).exists()
    assert ExternalId.objects.filter(source="catalogue", imported__isnull=False).count() == 106


def test_loading_again_makes_nothing_and_keeps_what_people_changed(now):
    case = Case.objects.order_by("pk").first()
    edit_case(case=case, by=make_person(), at=now, version=1, context="Our own words.")
    before = [model.objects.count() for model in CASE_ROWS]

    again = demonstration.load_demonstration(by=None, at=now)

    assert again == 0
    assert [model.objects.count() for model in CASE_ROWS] == before
    assert Case.objects.get(pk=case.pk).context == "Our own words."


def test_loading_again_without_anything_new_leaves_no_work(now):
    Job.objects.all().delete()

    demonstration.load_demonstration(by=None, at=now)

    assert Job.objects.count() == 0


def test_one_case_that_is_missing_is_made_again(now):
    case = Case.objects.get(external_ids__value="coastrunners", external_ids__source="catalogue")
    RatedScheme.objects.filter(rating__case=case).delete()
    kept = (case.ratings, case.labels, case.classifications, case.case_systems, case.case_parties, case.case_sources)
    for rows in kept:
        rows.all().delete()
    case.external_ids.all().delete()
    case.delete()

    assert demonstration.load_demonstration(by=None, at=now) == 1
    assert Case.objects.count() == 106


def test_removing_takes_every_case_and_leaves_the_others_and_the_history(now):
    own = make_case()
    ExternalId.objects.create(case=own, source="catalogue", value="mentioned-only")
    events = Case.events.rel.related_model.objects

    removed = demonstration.remove_demonstration(by=None, at=now)

    assert removed == 106
    assert list(Case.objects.all()) == [own]
    assert [model.objects.exclude(case=own).count() for model in CASE_ROWS[1:]] == [0] * 6
    assert events.filter(pgh_label="delete").count() >= 106
    assert Job.objects.filter(state="pending").count() == 1


def test_removing_again_removes_nothing(now):
    demonstration.remove_demonstration(by=None, at=now)

    assert demonstration.remove_demonstration(by=None, at=now) == 0


def test_a_catalogue_case_that_people_took_further_goes_too(now):
    case = Case.objects.filter(status=Status.ANALYSIS).first()
    case.readers.create(person=make_person())
    Case.objects.filter(pk=case.pk).update(status=Status.WITHDRAWN)

    assert demonstration.remove_demonstration(by=None, at=now) == 106


@pytest.mark.parametrize(
    "work",
    [
        analysed.safeguard,
        analysed.comment,
        analysed.accepted_debt,
        lambda case: analysed.mitigation(case),
        lambda case: add_note(case=case, by=make_person(), at=NOW, title="The run", note="It says so."),
    ],
    ids=["safeguard", "comment", "debt", "mitigation", "evidence"],
)
def test_a_catalogue_case_that_people_wrote_to_stays(now, work):
    case = Case.objects.filter(status=Status.ANALYSIS).first()
    work(case=case)

    assert demonstration.remove_demonstration(by=None, at=now) == 105
    assert list(Case.objects.all()) == [case]


def test_who_heard_of_a_catalogue_case_does_not_keep_it(now):
    case = Case.objects.filter(status=Status.ANALYSIS).first()
    for beside in (analysed.notification, analysed.watch, analysed.relabel):
        beside(case=case)

    assert demonstration.remove_demonstration(by=None, at=now) == 106


def test_the_commands_say_how_many_came_and_went():
    said = io.StringIO()

    for command in ("load_demo", "remove_demo", "remove_demo"):
        call_command(command, stdout=said)

    assert said.getvalue().splitlines() == ["made 0 cases", "deleted 106 cases", "deleted 0 cases"]
