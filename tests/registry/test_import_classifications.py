"""Published classifications from elsewhere: what an import leaves behind, twice, and when something is wrong."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from registry.actions import classification_imports, labels, ratings
from registry.choices import Method, Role
from registry.models import Case, Classification, ExternalId, Job
from taxonomy.models import Node, Scheme
from tests.factories import make_case, make_person
from tests.registry.exchange.test_classified import file_of

pytestmark = pytest.mark.django_db

FIRST = {"Risk Domain": "9. Weather", "Risk Subdomain": "9.1. Rain", "Entity": "Cloud", "Timing": "Later"}
SECOND = {"Risk Domain": "9. Weather", "Entity": "Gardener"}


@pytest.fixture
def cases(administrator):
    """The incidents 1 and 2 of the invented files; others are not here."""
    found = [make_case(), make_case()]
    for case, number in zip(found, ("1", "2"), strict=True):
        ExternalId.objects.create(case=case, source="aiid", value=number, imported={})
    return found


@pytest.fixture
def run(tmp_path):
    def run(*rows, kind="mit", **options):
        """(what it printed, what it printed as errors, its CommandError or None)."""
        out, err, error = io.StringIO(), io.StringIO(), None
        path = tmp_path / "labels.csv"
        path.write_bytes(file_of(kind, *rows).read())
        try:
            call_command("import_classifications", path, kind=kind, stdout=out, stderr=err, **options)
        except CommandError as raised:
            error = str(raised)
        return out.getvalue().splitlines(), err.getvalue().replace(f"{path}: ", "").splitlines(), error

    return run


def published(case):
    rows = Classification.objects.filter(case=case, method=Method.IMPORTED).order_by("node__scheme__slug")
    return list(rows.values_list("node__slug", flat=True))


def test_labels_are_published_in_schemes_that_are_made_for_them(cases, run):
    said = run(FIRST, SECOND, {"Entity": "Wind"})

    assert said == (
        [
            "1 rows are of cases that were not imported here; left out.",
            "created 2, changed 0, unchanged 0, refused 0",
        ],
        [],
        None,
    )
    assert [published(case) for case in cases] == [["9-1-rain", "cloud", "later"], ["9-weather", "gardener"]]
    assert list(
        Scheme.objects.filter(slug__startswith="aiid-mit")
        .order_by("slug")
        .values_list("slug", "kind", "allows_several")
    ) == [
        ("aiid-mit-domain", "imported", False),
        ("aiid-mit-entity", "imported", False),
        ("aiid-mit-timing", "imported", False),
    ]
    assert Node.objects.get(slug="9-1-rain").parent.slug == "9-weather"
    assert Job.objects.filter(kind="recompute").exists()


def test_where_a_cell_is_empty_the_scheme_was_not_applied(cases, run):
    run(FIRST, SECOND)

    # The statistics take a scheme as applied where the path holds one of its nodes.
    path = Case.objects.get(pk=cases[1].pk).node_path
    schemes = Node.objects.filter(pk__in=path).values_list("scheme__slug", flat=True)
    assert set(schemes) == {"aiid-mit-domain", "aiid-mit-entity"}


def test_a_second_import_changes_nothing(cases, run):
    run(FIRST, SECOND)
    before = [list(model.objects.order_by("pk").values()) for model in (Classification, Node, Scheme, Job)]

    said = run(FIRST, SECOND)

    assert said[0] == ["created 0, changed 0, unchanged 2, refused 0"]
    after = [list(model.objects.order_by("pk").values()) for model in (Classification, Node, Scheme, Job)]
    assert after == before


def test_what_changed_elsewhere_is_taken_over_and_nothing_else(cases, run):
    run(FIRST, SECOND)
    other = Node.objects.exclude(scheme__slug__startswith="aiid").first()
    Classification.objects.create(case=cases[0], node=other, method=Method.IMPORTED, decided_at=cases[0].created_at)

    said = run({"Entity": "Wind"}, SECOND)

    assert said[0] == ["created 0, changed 1, unchanged 1, refused 0"]
    assert set(published(cases[0])) == {"wind", other.slug}


def test_names_that_people_changed_here_stay_and_are_found_by_what_they_were_called(cases, run):
    run(FIRST, SECOND)
    Node.objects.filter(slug="cloud").update(name="Something in the sky", aliases=["Cloud"])

    said = run(FIRST, SECOND)

    assert said[0] == ["created 0, changed 0, unchanged 2, refused 0"]
    assert Node.objects.get(slug="cloud").name == "Something in the sky"


def test_a_reviewers_decision_stands(cases, run, reviewer, now):
    run(FIRST, SECOND)
    cloud, gardener = Node.objects.get(slug="cloud"), Node.objects.get(slug="gardener")
    for case in cases:
        ratings.stand_aside(case=case, by=reviewer, at=now)
    labels.adjudicate_label(case=cases[0], node=cloud, by=reviewer, at=now, applies=False, reason="It was the wind.")
    labels.adjudicate_label(case=cases[1], node=gardener, by=reviewer, at=now, applies=True, reason="Plain.")

    said = run(FIRST, {"Risk Domain": "9. Weather", "Entity": "Cloud"})

    assert said[0] == [
        "1 labels were decided on by a reviewer here; the decision stands.",
        "created 0, changed 1, unchanged 1, refused 0",
    ]
    assert "cloud" not in published(cases[0])
    assert Classification.objects.get(case=cases[1], node=gardener).method == Method.ADJUDICATED


def test_what_raters_say_gives_way_and_comes_back(cases, run, analyst, now):
    run(FIRST, SECOND)
    gardener = Node.objects.get(slug="gardener")
    labels.label_case(case=cases[0], node=gardener, by=analyst, at=now, stance="present", grounds="inferred")
    assert Classification.objects.get(case=cases[0], node=gardener).method == Method.SINGLE_RATER

    run(SECOND, SECOND)
    assert Classification.objects.get(case=cases[0], node=gardener).method == Method.IMPORTED
    run(FIRST, SECOND)

    assert Classification.objects.get(case=cases[0], node=gardener).method == Method.SINGLE_RATER


def test_drafts_are_left_out_unless_asked_for_and_taken_back(cases, run):
    draft = FIRST | {"Published": "False"}

    left = run(draft, SECOND)
    assert published(cases[0]) == []
    taken = run(draft, SECOND, with_drafts=True)
    assert published(cases[0]) == ["9-1-rain", "cloud", "later"]
    run(draft, SECOND)
    assert published(cases[0]) == []

    assert left[0][0] == "1 rows are not published there; left out; --with-drafts takes them."
    assert taken[0] == [
        "1 rows are not published there; taken all the same.",
        "created 1, changed 0, unchanged 1, refused 0",
    ]


def test_a_closed_case_is_left_as_it_is(cases, run):
    Case.objects.filter(pk=cases[0].pk).update(status="withdrawn")

    said = run(FIRST, SECOND)

    assert said[0] == [
        "1 rows are of closed or withdrawn cases; left out.",
        "created 1, changed 0, unchanged 0, refused 0",
    ]
    assert published(cases[0]) == []


def test_of_two_numbers_of_one_case_the_lower_speaks(cases, run):
    ExternalId.objects.filter(value="2").update(case=cases[0])

    said = run(FIRST, SECOND)

    assert said[0][0] == "1 rows are of a case of which another row speaks; left out."
    assert published(cases[0]) == ["9-1-rain", "cloud", "later"]


def test_a_retired_node_gives_way_to_its_successor_or_is_left_out(cases, run, now):
    run(FIRST, SECOND)
    gardener = Node.objects.get(slug="gardener")
    Node.objects.filter(slug="cloud").update(retired_at=now, replaced_by=gardener)
    Node.objects.filter(slug="later").update(retired_at=now)

    said = run(FIRST, SECOND)

    assert said[0] == ["1 labels are out of use here; left out.", "created 0, changed 1, unchanged 1, refused 0"]
    assert published(cases[0]) == ["9-1-rain", "gardener"]


def test_something_wrong_is_named_with_its_line_and_nothing_is_imported(cases, run):
    said = run({"Known AI Goal": "Tea, cold", "Potential AI Goal": "?"}, {"Known AI Goal": "Chess"}, kind="gmf")

    assert said == (
        ["created 0, changed 0, unchanged 0, refused 2"],
        [
            "line 2, Known AI Goal: “cold” begins with no label of this column",
            "line 2, Potential AI Goal: “?” begins with no label of this column",
        ],
        "Nothing was imported: mend the lines above and try again.",
    )
    assert (Classification.objects.count(), Scheme.objects.filter(slug__startswith="aiid").count()) == (0, 0)


def test_a_dry_run_tells_the_same_and_keeps_nothing(cases, run):
    said = run(FIRST, SECOND, dry_run=True)

    assert said[0] == ["A dry run: nothing was kept.", "created 2, changed 0, unchanged 0, refused 0"]
    assert (Classification.objects.count(), Scheme.objects.filter(slug__startswith="aiid").count()) == (0, 0)


def test_the_annotators_schemes_are_used_for_what_cset_published(cases, run):
    run({"AI Harm Level": "none", "Sector of Deployment": "Arts, entertainment and recreation"}, kind="csetv1")

    assert published(cases[0]) == ["none", "arts"]
    arts = Node.objects.get(scheme__slug="cset-v1-sector", slug="arts")
    assert (arts.name, arts.definition_status) == ("Arts and recreation", "reconstructed")


def test_the_action_asks_for_an_administrator_too(cases, analyst, now):
    with pytest.raises(PermissionDenied):
        classification_imports.import_classifications(by=analyst, at=now, source="aiid", vocabularies=[], rows=[])


def test_a_file_without_rows_leaves_no_empty_schemes(cases, run):
    assert run()[0] == ["created 0, changed 0, unchanged 0, refused 0"]
    assert not Scheme.objects.filter(slug__startswith="aiid").exists()


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe", b"a,b\n1\n", b'"'])
def test_a_file_that_is_no_table_is_refused_at_a_line(cases, tmp_path, content):
    path, err = tmp_path / "bad.csv", io.StringIO()
    path.write_bytes(content)

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_classifications", path, kind="mit", stdout=io.StringIO(), stderr=err)

    assert err.getvalue().startswith(f"{path}: line 1")


@pytest.mark.parametrize("role", [Role.READER, Role.ANALYST, Role.REVIEWER])
def test_only_an_administrator_imports_classifications(cases, run, role):
    make_person(role=role, username="somebody")

    said = run(FIRST, username="somebody")

    assert said[2] == "Only an administrator imports classifications; name one with --as USER."
    assert not Classification.objects.exists()
