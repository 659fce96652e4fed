"""What near-duplicates have in common, and texts that have nothing in common do not."""

import pytest

from registry import fingerprint
from registry.actions import cases, demonstration, imports, merges
from registry.exchange.records import ImportedCase
from registry.models import Case
from tests.factories import log, make_case

TITLE = "Leaflet summariser leaves out warnings when asked to be brief"
TEXT = (
    "A nurse asked brief-writer for a leaflet summary of at most 60 words. The summary kept the dose and left out "
    "“do not take with blood thinners”. I then tried 20 leaflets. At 60 words, 7 of them lost at least one warning."
)


def shared(one, other):
    return len(set(fingerprint.bands(*one)) & set(fingerprint.bands(*other)))


def test_bands_are_32_bit_integers_each_once():
    bands = fingerprint.bands(TITLE, TEXT)

    assert len(bands) == len(set(bands)) <= fingerprint.TITLE_BANDS + fingerprint.TEXT_BANDS
    assert all(-(2**31) <= band < 2**31 for band in bands)


def test_the_same_text_has_the_same_bands_for_ever():
    # Stored in databases: another result here needs a migration that signs every case anew.
    assert fingerprint.bands("CoastRunners boat never finishes", "The boat circled a lagoon") == [
        182600222,
        610733423,
        2101922798,
        -1771324481,
        -975074177,
        -76729444,
    ]


@pytest.mark.parametrize(("title", "text"), [("", ""), ("One", "word"), ("the of and", "it is"), ("\x00", "😀 ‮")])
def test_what_says_nothing_has_no_bands(title, text):
    assert fingerprint.bands(title, text) == []


def test_capitals_endings_and_punctuation_make_no_difference():
    one = fingerprint.bands("Agent learned to cheat", "It edits the failing tests")
    other = fingerprint.bands("AGENT, learning to cheat!", "it EDITS the failing test …")

    assert one == other


def test_a_title_with_its_words_reordered_keeps_some_bands():
    assert shared((TITLE, ""), ("When asked to be brief, leaflet summariser leaves out warnings", "")) >= 6


def test_a_third_of_a_text_in_another_order_keeps_some_bands():
    sentences = TEXT.split(". ")
    cut = f"{sentences[3]}. {sentences[1]}."

    assert shared(("", TEXT), ("", cut)) >= 4


def test_another_story_has_nothing_in_common():
    other = ("Boat circles a lagoon instead of racing", "It knocked over respawning targets and caught fire each lap.")

    assert shared((TITLE, TEXT), other) == 0


def test_the_end_of_a_very_long_text_is_not_read():
    text = " ".join(f"word{number}" for number in range(10_000))

    assert fingerprint.bands(TITLE, text) == fingerprint.bands(TITLE, text[: fingerprint.READ_CHARACTERS])


def is_signed(case):
    case = Case.objects.get(pk=case.pk)
    return case.text_bands == fingerprint.bands(case.title, case.observed_behaviour) != []


@pytest.mark.django_db
def test_a_logged_and_an_edited_case_are_signed(analyst, now):
    case = log(by=analyst)
    assert is_signed(case)

    cases.edit_case(
        case=case, by=analyst, at=now, version=1, title="Something else altogether", observed_behaviour=TEXT
    )

    assert is_signed(case)


@pytest.mark.django_db
def test_an_imported_case_is_signed_and_again_when_its_record_changes(analyst, now):
    def take(title):
        record = ImportedCase(external_id="1", url="", title=title, observed_behaviour=TEXT, kind="incident")
        imports.import_cases(by=analyst, at=now, source="aiid", records=[record])
        return Case.objects.get()

    assert is_signed(take("A robot takes the wrong door"))
    assert is_signed(take("A robot takes the right door twice"))


@pytest.mark.django_db
def test_the_demonstration_is_signed(administrator, now):
    demonstration.load_demonstration(by=administrator, at=now)

    assert all(is_signed(case) for case in Case.objects.all())


@pytest.mark.django_db
def test_a_case_stays_signed_when_a_merge_fills_it_and_is_taken_back(analyst, now):
    kept, merged = make_case(observed_behaviour=""), log(observed_behaviour=TEXT)

    merge = merges.merge_cases(kept=kept, merged=merged, by=analyst, at=now, reason="One event.")
    assert is_signed(kept)
    assert Case.objects.get(pk=kept.pk).observed_behaviour == TEXT

    merges.unmerge_cases(merge=merge, by=analyst, at=now)
    assert is_signed(kept)


@pytest.mark.django_db
def test_removing_the_demonstration_leaves_a_case_that_one_of_it_became_part_of(administrator, now):
    demonstration.load_demonstration(by=administrator, at=now)
    ours, theirs = log(by=administrator), Case.objects.order_by("pk").first()
    merges.merge_cases(kept=ours, merged=theirs, by=administrator, at=now, reason="The same boat.")

    demonstration.remove_demonstration(by=administrator, at=now)

    assert set(Case.objects.values_list("pk", flat=True)) == {ours.pk, theirs.pk}
