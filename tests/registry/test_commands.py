"""The commands for operators: what they print, refuse and leave behind."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from registry.models import Case, Job, PatternRun, Person
from taxonomy.models import Node
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing is slow on purpose, and not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run(*arguments):
    """(what it printed, what it printed as errors, its CommandError or None)."""
    out, err, error = io.StringIO(), io.StringIO(), None
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), error


AIID = (
    "_id,incident_id,date,reports,Alleged deployer of AI system,Alleged developer of AI system,"
    "Alleged harmed or nearly harmed parties,description,title\n"
)


@pytest.fixture
def file(tmp_path):
    """A file of two incidents; call it to write others."""
    path = tmp_path / "incidents.csv"

    def write(*rows):
        path.write_text(AIID + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return path

    write(
        '1,65,2016-12-22,[12],"[""openai""]","[""openai""]","[""nobody""]",A boat circled.,Boat never finishes',
        '2,66,2017-01-02,[13],"[""openai""]","[""openai""]","[""nobody""]",A robot flipped it.,Robot flips a block',
    )
    write.path = path
    return write


def test_import_says_what_it_did_and_a_second_time_that_nothing_changed(file, administrator):
    first = run("import_cases", "aiid", file.path)
    second = run("import_cases", "aiid", file.path)

    assert first == (["created 2, changed 0, unchanged 0, refused 0"], [], None)
    assert second == (["created 0, changed 0, unchanged 2, refused 0"], [], None)
    assert {case.reporter for case in Case.objects.all()} == {administrator}


def test_a_dry_run_tells_the_same_and_keeps_nothing(file, administrator):
    said = run("import_cases", "aiid", file.path, "--dry-run")

    assert said == (["A dry run: nothing was kept.", "created 2, changed 0, unchanged 0, refused 0"], [], None)
    assert (Case.objects.count(), Job.objects.count()) == (0, 0)


def test_a_bad_row_is_named_with_line_and_field_and_nothing_is_imported(file, administrator):
    good = '1,65,2016-12-22,[12],"[""openai""]","[""openai""]","[]",A boat circled a lagoon.,Boat never finishes'
    file(good, good.replace("65,2016-12-22", "66,2016-13-40"), good.replace("1,65", "3,67").replace("[12]", "twelve"))

    out, err, error = run("import_cases", "aiid", file.path)

    assert out == ["created 0, changed 0, unchanged 0, refused 2"]
    assert [line.partition(": ")[2].partition(":")[0] for line in err] == ["line 3, date", "line 4, reports"]
    assert error == "Nothing was imported: mend the lines above and try again."
    assert Case.objects.count() == 0


def test_fields_people_changed_and_cases_that_are_over_are_reported(file, administrator, analyst):
    run("import_cases", "aiid", file.path)
    first, second = Case.objects.order_by("pk")
    Case.objects.filter(pk=first.pk).update(title="Our own title")
    Case.objects.filter(pk=second.pk).update(status="withdrawn")
    text = file.path.read_text()
    file.path.write_text(text.replace("Boat never finishes", "Boat for ever").replace("Robot flips", "Robots flip"))

    out, _, _ = run("import_cases", "aiid", file.path)

    assert out == [
        "1 fields were left as people here had changed them.",
        "1 closed or withdrawn cases were left as they are.",
        "created 0, changed 1, unchanged 1, refused 0",
    ]


def test_who_imports_can_be_named(file, reporter):
    run("import_cases", "aiid", file.path, "--as", reporter.username.upper())

    assert {case.reporter for case in Case.objects.all()} == {reporter}


def test_import_without_an_administrator_asks_for_a_name(file, db):
    assert run("import_cases", "aiid", file.path)[2] == "There is no administrator yet; name somebody with --as USER."


def test_import_as_nobody_as_a_reader_or_as_somebody_who_left_is_refused(file, reader):
    make_person(username="gone", is_active=False)

    assert run("import_cases", "aiid", file.path, "--as", "nobody")[2] == (
        "There is nobody called nobody who may sign in."
    )
    assert run("import_cases", "aiid", file.path, "--as", "gone")[2] == "There is nobody called gone who may sign in."
    assert run("import_cases", "aiid", file.path, "--as", "rena")[2] == (
        "Rena Reader is a reader, and readers do not log cases."
    )
    assert Case.objects.count() == 0


def test_a_file_that_is_not_there_is_said_plainly(tmp_path, administrator):
    missing = tmp_path / "nothing.csv"

    assert run("import_cases", "aiid", missing) == ([], [], f"{missing}: No such file or directory")


def test_an_unknown_source_is_refused(file):
    assert "invalid choice" in run("import_cases", "wikipedia", file.path)[2]


def test_create_user_shows_a_made_password_once_and_it_works(db):
    out, _, error = run("create_user", "mira", "mira@example.org", "--role", "analyst", "--name", "Mira Okafor")

    person = Person.objects.get()
    password = out[1].removeprefix("Password, shown this once: ")
    assert (out[0], error) == ("mira may sign in as analyst.", None)
    assert (person.name, person.email, person.role) == ("Mira Okafor", "mira@example.org", "analyst")
    assert person.check_password(password)


def test_create_user_takes_the_password_of_the_environment_and_does_not_show_it(db, monkeypatch):
    monkeypatch.setenv("AIR_NEW_PASSWORD", "a long and boring sentence")

    out, _, _ = run("create_user", "mira", "mira@example.org")

    assert out == ["mira may sign in as reporter."]
    assert Person.objects.get().check_password("a long and boring sentence")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Mira", "new@example.org"], "Somebody has this user name already."),
        (["new", "MIRA@example.org"], "Somebody has this e-mail address already."),
        (["mi ra", "new@example.org"], "Use letters, digits and . @ + - _ only."),
        (["new", "nonsense"], "Enter a valid email address."),
    ],
)
def test_create_user_refuses_in_words_and_makes_nobody(arguments, said):
    make_person(username="mira", email="mira@example.org")

    _, _, error = run("create_user", *arguments)

    assert error == said
    assert Person.objects.count() == 1


def test_create_user_refuses_a_password_that_is_easy_to_guess(db, monkeypatch):
    monkeypatch.setenv("AIR_NEW_PASSWORD", "password")

    assert "too common" in run("create_user", "mira", "mira@example.org")[2]


@pytest.mark.django_db(transaction=True)
def test_recompute_names_the_run_reads_the_clock_and_says_when_nothing_changed(shipped_taxonomy):
    make_case()

    with time_machine.travel(datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC), tick=False):
        first, again = run("recompute_patterns"), run("recompute_patterns")

    kept = PatternRun.objects.get()
    assert (first[0], again[0]) == ([f"run {kept.pk}, new"], [f"run {kept.pk}, unchanged"])
    assert kept.computed_at == datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


MISP = '{"namespace": "tones", "description": "D", "version": 1, "predicates": [{"value": "low", "colour": "#000000"}]}'


def test_import_scheme_says_what_it_does_and_does_it(tmp_path, administrator):
    path = tmp_path / "tones.json"
    path.write_text(MISP)

    dry, kept_dry = run("import_scheme", str(path), "--dry-run"), Node.objects.filter(scheme__slug="tones").count()
    first, again = run("import_scheme", str(path)), run("import_scheme", str(path), "--as", "ada")

    told = "left out: 1 colours: the registry has no place for them."
    assert (dry, kept_dry) == (
        ([told, "A dry run: nothing was kept.", "tones: new 1, changed 0, unchanged 0, not in the file 0"], [], None),
        0,
    )
    assert first[0][-1] == "tones: new 1, changed 0, unchanged 0, not in the file 0"
    assert again[0][-1] == "tones: new 0, changed 0, unchanged 1, not in the file 0"


def test_import_scheme_refuses_with_the_place_of_the_fault(tmp_path, administrator, analyst):
    broken, strange = tmp_path / "broken.ttl", tmp_path / "tones.xml"
    broken.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> ; ] .")
    strange.write_text("<rdf/>")

    refused = [run("import_scheme", str(path))[2] for path in (broken, strange, tmp_path / "none.ttl")]

    assert refused[0].startswith(f"{broken}: Line 2: this is no Turtle")
    assert refused[1] == f"{strange}: the ending does not tell the format; say it with --format."
    assert refused[2] == f"{tmp_path / 'none.ttl'}: No such file or directory"
    assert run("import_scheme", str(broken), "--as", "mira")[2] == "There is no administrator called mira."
