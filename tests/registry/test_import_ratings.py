"""Ratings from elsewhere: what an import leaves behind, a second time, and when something is wrong."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.choices import Method, RatingState, Role
from registry.models import (
    AgreementScore,
    Case,
    Classification,
    ExternalId,
    Job,
    Label,
    Person,
    RatedScheme,
    Rating,
)
from taxonomy.models import Node, Scheme
from tests.factories import make_case, make_person
from tests.registry.patterns.rated import run_over_all_time

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
FILES = [DATA / f"csetv1_annotator_{number}.csv" for number in (1, 2)]


@pytest.fixture
def cases(administrator):
    """The two incidents of which the annotators of the invented files speak; a third one is not here."""
    found = [make_case(), make_case()]
    for case, number in zip(found, ("900001", "900002"), strict=True):
        ExternalId.objects.create(case=case, source="aiid", value=number, imported={})
    return found


def run(*files, **options):
    """(what it printed, what it printed as errors, its CommandError or None)."""
    out, err, error = io.StringIO(), io.StringIO(), None
    try:
        call_command("import_ratings", *files, kind="csetv1", stdout=out, stderr=err, **options)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), error


def said_of(case, rater):
    """{node: stance} of everything that is not absent."""
    found = Label.objects.filter(case=case, rater__username=rater).exclude(stance="absent")
    return dict(found.values_list("node__slug", "stance"))


def changed(tmp_path, number, *replacements):
    """A copy of a file with some words replaced."""
    text = FILES[number - 1].read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / FILES[number - 1].name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_file_becomes_a_person_who_cannot_sign_in_and_their_blind_ratings(cases):
    said = run(*FILES)

    assert said == (
        [
            "1 ratings are of cases that were not imported here; left out.",
            "created 3, changed 0, unchanged 0, refused 0",
        ],
        [],
        None,
    )
    raters = Person.objects.filter(username__startswith="cset").order_by("username")
    assert [(rater.name, rater.is_active, rater.has_usable_password()) for rater in raters] == [
        ("CSET annotator 1", False, False),
        ("CSET annotator 2", False, False),
    ]
    assert said_of(cases[0], "cset-v1-annotator-1") == {
        "deployed": "present",
        "ai-system": "unsure",
        "near-miss": "present",
        "arts": "present",
        "professional": "present",
    }
    assert not Label.objects.exclude(blind_stance__in=["present", "absent", "unsure"]).exists()
    assert set(Rating.objects.values_list("state", flat=True)) == {RatingState.SUBMITTED}
    # Where the cell is empty they have not gone through the scheme.
    assert set(RatedScheme.objects.filter(rating__case=cases[1]).values_list("scheme__slug", flat=True)) == {
        "cset-v1-ai-harm-level",
        "cset-v1-autonomy",
    }
    assert not Label.objects.filter(case=cases[1], node__slug="rights").exists()


def test_the_schemes_are_marked_as_imported_with_one_choice_where_there_is_one(cases):
    run(*FILES)

    schemes = Scheme.objects.filter(slug__startswith="cset-v1")
    assert set(schemes.values_list("kind", flat=True)) == {"imported"}
    assert set(schemes.filter(allows_several=True).values_list("slug", flat=True)) == {
        "cset-v1-questions",
        "cset-v1-sector",
    }
    exclusive = Node.objects.filter(scheme__slug="cset-v1-ai-harm-level").values_list("exclusive_group", flat=True)
    assert set(exclusive) == {"answer"}


def test_labels_are_agreed_on_as_those_of_any_rater(cases):
    run(*FILES)

    agreed = Classification.objects.filter(case=cases[0]).values_list("node__slug", "method")
    # One says present and the other is unsure of the AI system; the harm levels differ, each against an absent
    # that was not said aloud.
    assert dict(agreed) == {
        "deployed": Method.MAJORITY,
        "ai-system": Method.SINGLE_RATER,
        "near-miss": Method.SINGLE_RATER,
        "issue": Method.SINGLE_RATER,
        "arts": Method.MAJORITY,
        "professional": Method.SINGLE_RATER,
    }
    assert Job.objects.filter(kind="recompute").exists()


def test_the_import_can_be_compared(cases):
    run(*FILES)

    run_over = run_over_all_time(at=Rating.objects.first().opened_at)

    compared = AgreementScore.objects.filter(run=run_over, n_disputed__gt=0, node__isnull=False)
    assert set(compared.values_list("node__slug", flat=True)) == {"ai-system", "near-miss", "issue", "professional"}
    assert (run_over.n_cases, run_over.n_raters) == (1, 2)


def test_a_second_import_changes_nothing(cases):
    run(*FILES)
    before = [list(model.objects.order_by("pk").values()) for model in (Label, Rating, RatedScheme, Node, Person)]

    said = run(*FILES)

    assert said[0][-1] == "created 0, changed 0, unchanged 3, refused 0"
    after = [list(model.objects.order_by("pk").values()) for model in (Label, Rating, RatedScheme, Node, Person)]
    assert after == before


def test_what_changed_elsewhere_is_taken_over_and_nothing_else(cases, tmp_path):
    run(*FILES)
    harm = "AI tangible harm near-miss"
    newer = changed(tmp_path, 1, (harm, "none"), (",none,,Autonomy2", ",,,Autonomy2"))

    said = run(newer, FILES[1])

    assert said[0][-1] == "created 0, changed 2, unchanged 1, refused 0"
    assert "near-miss" not in said_of(cases[0], "cset-v1-annotator-1")
    assert said_of(cases[0], "cset-v1-annotator-1")["none"] == "present"
    assert "none" not in said_of(cases[1], "cset-v1-annotator-1")
    agreed = set(Classification.objects.values_list("case", "node__slug"))
    assert (cases[0].pk, "near-miss") not in agreed
    assert (cases[0].pk, "none") in agreed
    assert (cases[1].pk, "none") not in agreed


def test_words_that_people_changed_here_stay(cases):
    run(*FILES)
    Node.objects.filter(slug="arts").update(definition="Our own words.")

    run(*FILES)

    assert Node.objects.get(slug="arts").definition == "Our own words."


def test_a_closed_case_is_left_as_it_is(cases, now):
    Case.objects.filter(pk=cases[0].pk).update(status="withdrawn")

    said = run(*FILES)

    assert said[0][1:] == [
        "2 ratings are of closed or withdrawn cases; left out.",
        "created 1, changed 0, unchanged 0, refused 0",
    ]
    assert not Label.objects.filter(case=cases[0]).exists()


def test_a_bad_value_is_named_with_line_and_column_and_nothing_of_any_file_is_imported(cases, tmp_path):
    bad = changed(tmp_path, 2, ("AI tangible harm issue", "awful"), (",unclear,", ",dreadful,"))

    out, err, error = run(FILES[0], bad)

    assert out == ["created 0, changed 0, unchanged 0, refused 2"]
    assert err == [
        f"{bad}: line 2, AI Harm Level: “awful” is no value of this column",
        f"{bad}: line 3, AI Harm Level: “dreadful” is no value of this column",
    ]
    assert error == "Nothing was imported: mend the lines above and try again."
    assert (Label.objects.count(), Rating.objects.count(), Scheme.objects.filter(kind="imported").count()) == (0, 0, 0)


def test_two_files_of_one_annotator_are_refused(cases):
    _, err, error = run(FILES[0], FILES[0])

    assert err == [f"{FILES[0]}: line 2: another file holds the ratings of CSET annotator 1 too"]
    assert error is not None
    assert not Rating.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe", b"a,b\n1\n", b'"', b"x" * 2_000_000])
def test_a_file_that_is_no_table_is_refused_at_a_line(cases, tmp_path, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    _, err, error = run(path)

    assert err[0].startswith(f"{path}: line 1")
    assert error == "Nothing was imported: mend the lines above and try again."


def test_a_dry_run_tells_the_same_and_keeps_nothing(cases):
    out, _, _ = run(*FILES, dry_run=True)

    assert out[1:] == ["A dry run: nothing was kept.", "created 3, changed 0, unchanged 0, refused 0"]
    assert (Label.objects.count(), Person.objects.filter(username__startswith="cset").count()) == (0, 0)


def test_a_file_that_is_not_there_is_said_plainly(cases, tmp_path):
    missing = tmp_path / "nothing.csv"

    assert run(missing) == ([], [], f"{missing}: No such file or directory")


@pytest.mark.parametrize("role", [Role.READER, Role.ANALYST, Role.REVIEWER])
def test_only_an_administrator_imports_ratings(cases, role):
    make_person(role=role, username="somebody")

    assert run(*FILES, username="somebody")[2] == (
        "Only an administrator imports ratings; name one who may sign in with --as USER."
    )
    assert not Rating.objects.exists()
