"""Hints beside the log form, similar cases and links on the case page."""

import re

import pytest

from registry.actions import links
from registry.choices import LinkKind, Status, Visibility
from registry.models import CaseLink, Evidence, Source
from tests.factories import make_case, make_draft, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

TITLE = "Leaflet summariser leaves out warnings"
TEXT = "The summary kept the dose and left out the interaction with blood thinners."
CANARY = "Canary in a hidden mine"


def near(**values):
    return make_case(**{"title": TITLE, "observed_behaviour": TEXT} | values)


def ask(person, **data):
    return signed_in(person).post("/cases/alike", {"title": TITLE, "observed_behaviour": TEXT} | data)


def hits_in(response):
    return re.findall(r'data-alike-hit="(AIR-\d+)"', response.content.decode())


def say(person, case, other, answer, **headers):
    data = {"other": other if isinstance(other, str) else other.reference, "answer": answer}
    return signed_in(person).post(f"/cases/{case.reference}/links", data, headers=headers)


def test_a_hint_names_the_case_and_why(reporter):
    case = near()

    response = ask(reporter)

    words = text_of(response)
    assert hits_in(response) == [case.reference]
    assert "Compared with the one case you may see. Opens beside your draft; nothing you wrote is sent" in words
    assert "Near in wording : “" in words
    assert 'target="_blank" rel="noopener"' in response.content.decode()


def test_the_number_of_cases_compared_is_counted_up_to_a_limit(reporter, monkeypatch):
    near()
    near()
    assert "Compared with the 2 cases you may see." in text_of(ask(reporter))

    monkeypatch.setattr("registry.similar.COUNTED", 1)

    assert "Compared with all cases you may see, more than 1." in text_of(ask(reporter))


def test_nothing_like_it_is_said(reporter):
    assert "Nothing like it so far." in text_of(ask(reporter))


def test_a_hidden_case_shows_in_no_hint(reporter):
    near(title=f"{TITLE} {CANARY}", observed_behaviour=f"{TEXT} {CANARY}", visibility=Visibility.NAMED)
    near(title=f"{TITLE} {CANARY}", status=Status.DRAFT, reported_at=None)
    near()

    response = ask(reporter, observed_behaviour=f"{TEXT} {CANARY}")

    assert len(hits_in(response)) == 1
    assert "Canary" not in response.content.decode()


def test_an_answer_kept_in_the_form_shows_as_given(reporter):
    case = near()

    response = ask(reporter, **{f"likeness:{case.reference}": "related"})

    assert "You said: related" in text_of(response)
    assert re.search(r'class="ask"[^>]* hidden', response.content.decode())


def test_evidence_of_ones_own_draft_is_compared_and_of_anothers_is_not(reporter, now):
    case, draft = make_case(), make_draft(reporter)
    for place in ({"case": case}, {"draft": draft}):
        Evidence.objects.create(
            **place, kind="note", title="Note", note="a", sha256="a" * 64, added_by=reporter, added_at=now
        )

    own = ask(reporter, title="", observed_behaviour="", draft=str(draft.pk))
    others = ask(make_person(), title="", observed_behaviour="", draft=str(draft.pk))

    assert (hits_in(own), hits_in(others)) == ([case.reference], [])


def test_the_address_of_a_source_finds_its_case(reporter):
    case = make_case()
    case.case_sources.create(source=Source.objects.create(url="https://example.org/a", title="A"))

    response = ask(reporter, title="", observed_behaviour="", sources=["https://example.org/a", ""])

    assert "Same source" in text_of(response)


@pytest.mark.parametrize("field", ["title", "observed_behaviour", "system", "sources", "draft"])
def test_what_no_database_holds_is_no_error(reporter, field):
    near()

    assert ask(reporter, **{field: "\x00 <b>\x00"}).status_code == 200


def test_a_title_with_a_script_shows_as_text(reporter):
    near(title="<script>alert(1)</script> summariser leaves out warnings")

    assert "<script>alert" not in ask(reporter).content.decode()


def test_readers_ask_for_no_hints_and_strangers_neither(reader, client):
    assert ask(reader).status_code == 403
    assert client.post("/cases/alike").status_code == 302
    assert signed_in(reader).get("/cases/alike").status_code == 405


def test_a_drafts_answers_are_inputs_of_the_form(reporter):
    case = near()
    draft = make_draft(reporter, title=TITLE, **{f"likeness:{case.reference}": "same"})

    page = signed_in(reporter).get(draft.get_absolute_url()).content.decode()

    assert f'<input type="hidden" name="likeness:{case.reference}" value="same">' in page


def test_the_case_page_shows_what_is_similar_and_why(reader):
    case, other = near(), near()

    page = signed_in(reader).get(case.get_absolute_url())

    assert [row.case for row in page.context["similar"]] == [other]
    assert "Near in wording" in text_of(page)
    assert 'name="answer"' not in page.content.decode()


def test_an_answer_without_javascript_leads_back_to_the_page(analyst):
    case, other = near(), near()

    response = say(analyst, case, other, "variant")

    assert response["Location"] == f"/cases/{case.reference}/#links"
    assert list(CaseLink.objects.values_list("case", "other", "kind")) == [(case.pk, other.pk, "variant")]
    page = text_of(signed_in(analyst).get(case.get_absolute_url()))
    assert f"Variant of {other.title} {other.reference}" in page
    assert "You said: variant of" in page


def test_an_answer_by_htmx_shows_the_one_hit_again(analyst):
    case, other = near(), near()

    answered = say(analyst, case, other, "related", **{"HX-Request": "true"})
    undone = say(analyst, case, other, "none", **{"HX-Request": "true"})

    assert f'id="like-{other.pk}"' in answered.content.decode()
    assert "You said: related to" in text_of(answered)
    assert "Undo" not in text_of(undone)
    assert not CaseLink.objects.exists()


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        (LinkKind.DUPLICATE, "Duplicate of", "Has the duplicate"),
        (LinkKind.VARIANT, "Variant of", "Variant of"),
        (LinkKind.RELATED, "Related to", "Related to"),
        (LinkKind.CAUSED_BY, "Caused by", "Led to"),
    ],
)
def test_a_link_reads_from_both_ends(analyst, now, kind, here, there):
    case, other = make_case(), make_case()
    links.answer(case=case, other=other, kind=kind, by=analyst, at=now)

    words = [
        [row.words for row in signed_in(analyst).get(one.get_absolute_url()).context["links"]] for one in (case, other)
    ]

    assert words == [[here], [there]]


def test_what_was_said_to_be_different_is_listed_apart_and_taken_back(analyst):
    case, other = near(), near()
    say(analyst, case, other, "different")

    page = signed_in(analyst).get(case.get_absolute_url())

    assert (page.context["similar"], page.context["links"], len(page.context["different"])) == ([], [], 1)
    say(analyst, case, other, "none")
    assert not CaseLink.objects.exists()


def test_a_link_to_a_hidden_case_shows_nowhere_on_the_page_or_in_its_history(analyst, reader, now):
    case, hidden = make_case(), make_case(title=CANARY)
    links.answer(case=case, other=hidden, kind=LinkKind.VARIANT, by=analyst, at=now)
    hidden.visibility = Visibility.NAMED
    hidden.save()
    client = signed_in(reader)

    pages = [client.get(f"/cases/{case.reference}/{rest}").content.decode() for rest in ("", "history")]

    assert [word for page in pages for word in (CANARY, hidden.reference, "Variant of") if word in page] == []


def test_a_link_is_in_the_history_of_both(analyst, now):
    case, other = make_case(), make_case()
    links.answer(case=case, other=other, kind=LinkKind.DUPLICATE, by=analyst, at=now)
    client = signed_in(analyst)

    words = [text_of(client.get(f"/cases/{one.reference}/history")) for one in (case, other)]

    assert f"Duplicate of {other.reference}" in words[0]
    assert f"Has the duplicate {case.reference}" in words[1]
    assert "Mira Okafor said how it stands to another case" in words[0]


def test_a_link_by_number(analyst):
    case, other = make_case(), make_case()

    response = signed_in(analyst).post(f"/cases/{case.reference}/links", {"kind": "caused-by", "other": str(other.pk)})

    assert response.status_code == 302
    assert CaseLink.objects.get().kind == LinkKind.CAUSED_BY


def test_a_number_that_is_hidden_and_one_that_is_missing_read_the_same(analyst):
    case, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    client = signed_in(analyst)

    answers = [
        client.post(f"/cases/{case.reference}/links", {"kind": "related", "other": number})
        for number in (hidden.reference, "AIR-999999")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    words = [answer.context["form"].errors["other"] for answer in answers]
    assert words[0] == [f"There is no case {hidden.reference} that you may see."]
    assert words[1] == ["There is no case AIR-999999 that you may see."]
    assert not CaseLink.objects.exists()


@pytest.mark.parametrize("number", ["", "nonsense", "AIR-0", "\x00", "9" * 30])
def test_what_is_no_number_is_refused_in_words(analyst, number):
    response = signed_in(analyst).post(f"/cases/{make_case().reference}/links", {"kind": "related", "other": number})

    assert response.status_code == 422
    assert response.context["form"].errors["other"]


def test_who_may_not_answer_is_offered_nothing_and_refused(reader, reporter):
    case, other = near(), near()

    for person in (reader, reporter):
        assert say(person, case, other, "same").status_code == 403
        assert f"/cases/{case.reference}/links" not in signed_in(person).get(case.get_absolute_url()).content.decode()

    assert not CaseLink.objects.exists()
