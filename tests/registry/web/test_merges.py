"""The pages for merging two cases and taking a merge back."""

import pytest

from registry.actions import cases, links, merges
from registry.choices import LinkKind, Status, Visibility
from registry.models import Case, CaseMerge, CaseReader, CaseSystem, System
from tests.api.conftest import Tool
from tests.factories import agree, label, log, make_case, make_node, make_person, make_team
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
CANARY = "Canary in a hidden mine"


def address(kept, merged):
    return f"/cases/{kept.reference}/merge?with={merged.reference}"


def filled(response):
    """What the preview's form would send."""
    form = response.context["form"]
    return {"with": response.context["merged"].reference, "reason": "One event."} | {
        name: form[name].value() for name in ("state", "kept_version", "merged_version")
    }


def merge(person, kept, merged):
    client = signed_in(person)
    preview = client.get(address(kept, merged))
    return client.post(f"/cases/{kept.reference}/merge", filled(preview))


def test_the_preview_lists_what_moves_what_stays_and_what_is_filled(analyst, other_analyst, now):
    kept, merged, third = log(), log(root_cause="The grader.", systems=[("brief-writer", "1.8")]), make_case()
    node = make_node("red")
    label(merged, node, by=analyst, at=now)
    label(merged, make_node("blue"), by=other_analyst, at=now)
    label(kept, node, by=analyst, at=now)
    links.answer(case=merged, other=third, kind=LinkKind.RELATED, by=analyst, at=now)

    words = text_of(signed_in(analyst).get(address(kept, merged)))

    assert "Systems brief-writer 1.8" in words
    assert f"Red: present, by Mira Okafor: the same rater labelled {kept.reference} with it" in words
    assert "Blue: present, by Jonas Weber" in words
    assert f"Links {third.reference} {third.title}" in words
    assert "Root cause The grader." in words
    assert CaseMerge.objects.count() == 0


@pytest.mark.parametrize("n", [1, 30])
def test_preview_query_count(analyst, now, django_assert_num_queries, n):
    kept, merged = (make_case(visibility=Visibility.NAMED, reporter=analyst) for _ in range(2))
    for number in range(n):
        label(merged, make_node(), by=make_person())
        agree(merged, make_node())
        links.answer(case=merged, other=make_case(), kind=LinkKind.RELATED, by=analyst, at=now)
        CaseReader.objects.create(case=merged, person=make_person())
        CaseSystem.objects.create(case=merged, system=System.objects.create(name=f"System {number}"))
    client = signed_in(analyst)

    with django_assert_num_queries(51):
        response = client.get(address(kept, merged))

    assert [len(group.lines) for group in response.context["groups"]] == [n + 1, 1, n, n, n]


def test_the_preview_offers_to_swap(analyst):
    kept, merged = make_case(), make_case()

    page = signed_in(analyst).get(address(kept, merged)).content.decode()

    assert f'href="{address(merged, kept)}"' in page


def test_a_blind_rater_merges_without_learning_what_others_said(analyst, other_analyst):
    kept, merged, node = make_case(), make_case(), make_node("red", name="Scarlet")
    label(merged, node, by=other_analyst)

    words = text_of(signed_in(analyst).get(address(kept, merged)))

    assert "Scarlet" not in words
    assert "1 label by other raters, which you see once you have labelled the case" in words


def test_a_blind_rater_is_not_told_that_the_kept_case_is_agreed_to_carry_the_same(analyst, other_analyst):
    kept, merged, red = make_case(), make_case(), make_node("red", name="Scarlet")
    label(kept, red, by=other_analyst)
    agree(merged, red)

    for_blind, for_open = (text_of(signed_in(person).get(address(kept, merged))) for person in (analyst, other_analyst))

    assert "Agreed labels Scarlet (Colours)" in for_blind
    assert "agreed for" not in for_blind
    assert f"Stays behind Scarlet (Colours): it is agreed for {kept.reference} already" in for_open


def test_a_rater_blind_to_the_kept_case_is_not_told_what_others_labelled_it_with(analyst, other_analyst):
    kept, merged, red = make_case(), make_case(), make_node("red", name="Scarlet")
    for case in (kept, merged):
        label(case, red, by=other_analyst)
    label(merged, make_node("blue"), by=analyst)
    client = signed_in(analyst)

    blind_words = text_of(client.get(address(kept, merged)))
    label(kept, make_node("green"), by=analyst)
    open_words = text_of(client.get(address(kept, merged)))

    said = "Scarlet: present, by Jonas Weber"
    assert said in blind_words
    assert "Stays behind Scarlet" not in blind_words
    assert f"Stays behind {said}: the same rater labelled {kept.reference} with it" in open_words


def test_a_link_to_a_hidden_case_is_not_in_the_preview(analyst, other_analyst, now):
    kept, merged, hidden = make_case(), make_case(), make_case(title=CANARY)
    links.answer(case=merged, other=hidden, kind=LinkKind.RELATED, by=analyst, at=now)
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    page = signed_in(analyst).get(address(kept, merged)).content.decode()

    assert CANARY not in page
    assert hidden.reference not in page


def test_the_preview_says_who_will_newly_see_what(analyst):
    kept, merged = (make_case(visibility=Visibility.NAMED, reporter=analyst) for _ in range(2))
    CaseReader.objects.create(case=merged, person=make_person(name="Nadia New"))
    CaseReader.objects.create(case=kept, person=make_person(name="Karl Kept"))

    words = text_of(signed_in(analyst).get(address(kept, merged)))

    assert f"Nadia New will newly see {kept.reference}." in words
    assert f"Karl Kept will newly see what {merged.reference} says." in words


def test_the_preview_says_who_would_not_see_it_any_more(analyst):
    team = make_team(analyst)
    kept, merged = (
        make_case(visibility=Visibility.TEAM, team=team, reporter=make_person(name=name))
        for name in ("Karl Kept", "Lena Loser")
    )

    response = signed_in(analyst).get(address(kept, merged))

    assert response.context["losing"] == ["Lena Loser"]
    assert f"Lena Loser will not see it any more: only who may see {kept.reference} does." in text_of(response)


def test_merging_leads_to_the_kept_case_and_so_does_the_old_number(analyst, reader):
    kept, merged = make_case(), make_case()

    response = merge(analyst, kept, merged)

    assert response["Location"] == f"/cases/{kept.reference}/#links"
    client = signed_in(reader)
    for rest in ("", "history", "receipt"):
        assert client.get(f"/cases/{merged.reference}/{rest}")["Location"] == f"/cases/{kept.reference}/"
    page = text_of(client.get(f"/cases/{merged.reference}/", follow=True))
    assert f"{merged.reference} was merged into {kept.reference}." in page
    assert f"Merged into it {merged.title} {merged.reference}" in page


def test_an_old_number_in_rest_redirects_for_good(analyst, reader):
    kept, merged = make_case(), make_case()
    merge(analyst, kept, merged)
    tool = Tool(reader)

    response = tool.get(f"cases/{merged.reference}/")

    assert (response.status_code, response["Location"]) == (308, f"http://testserver/api/v1/cases/{kept.reference}/")
    listed = tool.get("cases/").json()["results"]
    assert [case["reference"] for case in listed] == [kept.reference]


def test_an_old_number_leads_nobody_to_what_they_may_not_see(analyst, reader):
    kept, merged = (make_case(visibility=Visibility.NAMED, reporter=analyst) for _ in range(2))
    merge(analyst, kept, merged)
    client = signed_in(reader)

    for address_ in ("/cases/{}/", "/api/v1/cases/{}/"):
        answers = [client.get(address_.format(number)) for number in (merged.reference, "AIR-999999")]
        assert [answer.status_code for answer in answers] == [404, 404]


def test_what_was_sent_to_a_merged_case_is_not_saved_and_said_so(analyst):
    kept, merged = make_case(), make_case()
    merge(analyst, kept, merged)

    response = signed_in(analyst).post(f"/cases/{merged.reference}/edit", {"title": "Too late"}, follow=True)

    assert "Nothing was saved." in text_of(response)


def test_a_stale_preview_shows_what_changed_and_keeps_the_reason(analyst, other_analyst, now):
    kept, merged = log(), log()
    client = signed_in(analyst)
    sent = filled(client.get(address(kept, merged)))
    cases.edit_case(case=merged, by=other_analyst, at=now, version=merged.version, root_cause="New.")

    response = client.post(f"/cases/{kept.reference}/merge", sent)

    assert response.status_code == 409
    assert f"{merged.reference}: root cause" in text_of(response)
    assert response.context["form"]["reason"].value() == "One event."
    assert CaseMerge.objects.count() == 0
    client.post(f"/cases/{kept.reference}/merge", filled(response))
    assert CaseMerge.objects.count() == 1


def test_a_label_given_meanwhile_is_a_change_too(analyst, other_analyst):
    kept, merged = make_case(), make_case()
    client = signed_in(analyst)
    sent = filled(client.get(address(kept, merged)))
    label(merged, make_node(), by=other_analyst)

    response = client.post(f"/cases/{kept.reference}/merge", sent)

    assert response.status_code == 409
    assert "labels, evidence, links or other rows of the two" in text_of(response)


def test_what_cannot_be_merged_is_said_instead_of_a_form(analyst):
    kept, merged = make_case(status=Status.CLOSED), make_case()

    response = signed_in(analyst).get(address(kept, merged))

    assert f"{kept.reference} is closed. Reopen it first" in text_of(response)
    assert 'name="reason"' not in response.content.decode()


def test_a_reason_is_asked_for(analyst):
    kept, merged = make_case(), make_case()
    client = signed_in(analyst)
    sent = filled(client.get(address(kept, merged))) | {"reason": " "}

    response = client.post(f"/cases/{kept.reference}/merge", sent)

    assert response.status_code == 422
    assert CaseMerge.objects.count() == 0


def test_without_a_number_it_asks_and_offers_the_most_similar(analyst):
    kept, similar = (make_case(title="Leaflet loses its warnings") for _ in range(2))

    page = signed_in(analyst).get(f"/cases/{kept.reference}/merge").content.decode()

    assert f'href="?with={similar.reference}"' in page


def test_hidden_and_missing_numbers_read_the_same(analyst):
    kept, hidden = make_case(), make_case(title=CANARY, visibility=Visibility.NAMED)
    client = signed_in(analyst)

    answers = [client.get(f"/cases/{kept.reference}/merge?with={n}") for n in (hidden.reference, "AIR-999999")]

    assert [answer.context["problem"] for answer in answers] == [
        f"There is no case {hidden.reference} that you may see.",
        "There is no case AIR-999999 that you may see.",
    ]
    assert CANARY not in answers[0].content.decode()


@pytest.mark.parametrize("role", ["reader", "reporter"])
def test_only_analysts_merge_and_are_offered_it(role, analyst, request):
    person = request.getfixturevalue(role)
    kept, merged = make_case(reporter=person), make_case(reporter=person)
    client = signed_in(person)

    assert client.get(address(kept, merged)).status_code == 403
    assert client.post(f"/cases/{kept.reference}/merge", {"with": merged.reference}).status_code == 403
    assert client.get(f"/cases/{kept.reference}/unmerge").status_code == 403
    assert "/merge" not in client.get(kept.get_absolute_url()).content.decode()
    assert "/merge" in signed_in(analyst).get(kept.get_absolute_url()).content.decode()


def test_a_merge_is_taken_back_with_a_reason_and_tells_what_stays(analyst, now):
    kept, merged = log(), log(root_cause="The grader.")
    made = merges.merge_cases(kept=kept, merged=merged, by=analyst, at=now, reason="One event.")
    Case.objects.filter(pk=kept.pk).update(root_cause="Better said.")
    client = signed_in(analyst)
    page = client.get(f"/cases/{kept.reference}/unmerge?merge={made.pk}")
    assert "Mira Okafor merged it into" in text_of(page)

    response = client.post(f"/cases/{kept.reference}/unmerge", {"merge": made.pk, "reason": "Two events."}, follow=True)

    words = text_of(response)
    assert f"{merged.reference} is a case of its own again." in words
    assert f"Root cause of {kept.reference} was edited since and stays as edited." in words
    assert client.get(f"/cases/{merged.reference}/").status_code == 200
    history = text_of(client.get(f"/cases/{kept.reference}/history"))
    assert "Because: Two events." in history
    assert f"{merged.reference} into this case: taken back" in history


def test_a_merge_that_something_builds_on_says_so(analyst, now):
    first, second, third = make_case(), make_case(), make_case()
    made = merges.merge_cases(kept=third, merged=first, by=analyst, at=now, reason="One.")
    merges.merge_cases(kept=third, merged=second, by=analyst, at=now, reason="Two.")

    response = signed_in(analyst).get(f"/cases/{third.reference}/unmerge?merge={made.pk}")

    assert f"{second.reference} was merged into {third.reference} later. Take that back first." in text_of(response)


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 40])
def test_a_merge_that_is_none_of_the_cases_is_missing(analyst, number):
    assert signed_in(analyst).get(f"/cases/{make_case().reference}/unmerge?merge={number}").status_code == 404


def test_a_merged_case_is_called_by_its_number_once_others_may_see_the_kept_one(analyst, reader, now):
    kept, merged = (
        make_case(visibility=Visibility.NAMED, reporter=analyst, title=title) for title in ("The kept one", CANARY)
    )
    merges.merge_cases(kept=kept, merged=merged, by=analyst, at=now, reason="One event.")
    Case.objects.filter(pk=kept.pk).update(visibility=Visibility.EVERYONE)

    assert CANARY not in signed_in(reader).get(kept.get_absolute_url()).content.decode()
    assert CANARY in signed_in(analyst).get(kept.get_absolute_url()).content.decode()


def test_withdrawing_points_to_merging(analyst):
    case = make_case()

    page = signed_in(analyst).get(f"/cases/{case.reference}/steps/withdraw").content.decode()

    assert f'href="/cases/{case.reference}/merge"' in page


def test_what_came_from_a_merged_case_reads_as_added_in_the_history(analyst, now):
    kept, merged = log(systems=[("one", "")]), log(systems=[("two", "")])
    agree(merged, make_node("red"))
    merges.merge_cases(kept=kept, merged=merged, by=analyst, at=now, reason="One event.")

    page = signed_in(analyst).get(f"/cases/{kept.reference}/history")

    assert "<ins>two</ins>" in page.content.decode()
    assert f"{merged.reference} into this case" in text_of(page)
