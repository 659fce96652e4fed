"""One's own rating in the browser: held, submitted with a checklist, stood aside, in one window or two."""

import pytest

from registry.actions import evidence
from registry.choices import Stance, Status
from registry.models import Label, Rating
from taxonomy.models import Node, SeverityTier
from tests.factories import NOW, make_case, make_node, make_person, make_scheme
from tests.factories import label as put_label
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


@pytest.fixture
def node():
    return Node.objects.get(slug="volition-based")


@pytest.fixture
def precocious():
    return Node.objects.get(slug="precocious")


def hold(case, node, by, **rating):
    return put_label(case, node, by=by, hold=True, **rating)


def labels_url(case):
    return f"/cases/{case.reference}/labels/"


def said(node, **values):
    return {"node": node.key, "stance": "present", "grounds": "inferred", "load_bearing": "unknown"} | values


def submit(client, case, **values):
    return client.post(f"/cases/{case.reference}/rating/submit", values)


def test_a_label_saved_on_the_page_is_held(analyst, case, node):
    client = signed_in(analyst)

    client.post(labels_url(case), said(node))

    label = Label.objects.get()
    assert (label.submitted_at, label.blind_stance, Rating.objects.get().state) == (None, "", "working")
    page = text_of(client.get(labels_url(case)))
    assert "Only you see it until you submit your rating" in page
    assert "known to you only" in page


def test_the_page_says_what_submitting_does(analyst, case, node):
    put_label(case, node)
    hold(case, node, analyst)
    hold(case, make_node(), analyst)

    page = text_of(signed_in(analyst).get(labels_url(case)))

    assert "Everybody who may see the case sees these 2 labels. Until then nobody but you does." in page
    assert "You see what 1 other rater said." in page


def test_a_rating_is_submitted_with_its_schemes_and_severities(analyst, case, node):
    hold(case, node, analyst)
    scheme, tier = make_scheme("shapes"), SeverityTier.objects.get(slug="high")

    response = submit(
        signed_in(analyst), case, version="1", schemes=[scheme.pk], realised_severity="", potential_severity=tier.pk
    )

    rating = Rating.objects.get()
    assert response["Location"] == f"/cases/{case.reference}/#classification"
    assert (rating.state, rating.realised_severity, rating.potential_severity) == ("submitted", None, tier)
    assert {row.scheme for row in rating.schemes.all()} == {scheme, node.scheme}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"version": "0"}, 409),
        ({"version": "7"}, 409),
        ({"version": ""}, 422),
        ({"version": "\x00"}, 422),
        ({"version": "99999999999999999999"}, 422),
        ({"version": "1", "schemes": "999999"}, 422),
        ({"version": "1", "schemes": "\x00"}, 422),
        ({"version": "1", "potential_severity": "99"}, 422),
        ({}, 422),
    ],
)
def test_a_rating_that_is_stale_or_bad_is_not_submitted(analyst, case, node, sent, status):
    hold(case, node, analyst)

    response = submit(signed_in(analyst), case, **sent)

    assert (response.status_code, Rating.objects.get().state) == (status, "working")
    assert "Nothing was submitted." in text_of(response)


def test_what_was_ticked_in_a_stale_window_stays_ticked(analyst, case, node):
    hold(case, node, analyst)
    scheme = make_scheme("shapes")
    client = signed_in(analyst)
    hold(case, make_node("later", scheme=make_scheme("later-colours")), analyst)

    stale = submit(client, case, version="1", schemes=[scheme.pk])

    ticked = [each.scheme for each in stale.context["own_schemes"] if each.through]
    again = stale.context["rating_form"]["version"].value()
    assert (ticked, again) == ([scheme], 2)
    assert submit(client, case, version=again, schemes=[scheme.pk]).status_code == 302


def test_an_empty_rating_is_refused_in_words(analyst, case):
    response = submit(signed_in(analyst), case, version="0")

    assert response.status_code == 422
    assert "Label something first, or say which scheme you went through." in text_of(response)


def test_standing_aside_opens_and_leads_to_deciding(reviewer, case, node):
    put_label(case, node, rationale="Zebrafish")
    client = signed_in(reviewer)

    response = client.post(f"/cases/{case.reference}/rating/aside", {"next": "adjudicate"})

    assert response["Location"] == f"/cases/{case.reference}/adjudicate"
    assert "Zebrafish" in text_of(client.get(f"/cases/{case.reference}/"))
    assert "You stood aside" in text_of(client.get(labels_url(case)))


def test_who_holds_labels_is_told_why_they_cannot_stand_aside(analyst, case, node):
    hold(case, node, analyst)
    client = signed_in(analyst)

    client.post(f"/cases/{case.reference}/rating/aside")

    assert "You hold labels of your own." in text_of(client.get(labels_url(case)))
    assert Rating.objects.get().state == "working"


@pytest.mark.parametrize("address", ["rating/submit", "rating/aside"])
@pytest.mark.parametrize(
    ("role", "status"), [("reader", Status.ANALYSIS), ("reporter", Status.ANALYSIS), ("analyst", Status.CLOSED)]
)
def test_who_may_not_label_neither_submits_nor_stands_aside(address, role, status):
    case = make_case(status=status)

    response = signed_in(make_person(role=role)).post(f"/cases/{case.reference}/{address}", {"version": "0"})

    assert (response.status_code, Rating.objects.count()) == (403, 0)


def test_two_windows_on_one_label_show_both_and_overwrite_only_when_asked(analyst, case, node):
    client = signed_in(analyst)
    hold(case, node, analyst, stance="absent", rationale="From the other window.")

    stale = client.post(labels_url(case), said(node, version="0", rationale="From this one."))

    page = text_of(stale)
    assert stale.status_code == 409
    assert "From the other window." in page
    assert "From this one." in page
    assert Label.objects.get().rationale == "From the other window."
    again = client.post(
        labels_url(case), said(node, version=stale.context["form"]["version"].value(), rationale="Mine.")
    )
    assert (again.status_code, Label.objects.get().rationale) == (302, "Mine.")


@pytest.mark.parametrize("version", [{}, {"version": ""}])
def test_who_names_no_version_overwrites_no_label_of_theirs(analyst, case, node, version):
    client = signed_in(analyst)
    hold(case, node, analyst, stance="absent", rationale="Said before.")

    response = client.post(labels_url(case), said(node, rationale="From a script.", **version))

    assert (response.status_code, Label.objects.get().rationale) == (409, "Said before.")


def test_precocious_is_asked_condition_by_condition(analyst, case, precocious):
    client = signed_in(analyst)

    form = client.get(f"{labels_url(case)}?node={precocious.key}").context["form"]
    refused = client.post(labels_url(case), said(precocious, criteria_shown=precocious.applies_when[:3]))
    unknown = client.post(labels_url(case), said(precocious, criteria_shown=["Something else."]))

    assert [value for value, _ in form["criteria_shown"].field.choices] == precocious.applies_when
    assert errors_of(refused)["criteria_shown"] == [
        "“Precocious misalignment” applies only where each of its conditions is shown by itself. Not shown: It was "
        "still half-baked, an unfinished optimiser, when this began. Say “Cannot tell”, or choose the node that fits "
        "what is shown."
    ]
    assert list(errors_of(unknown)) == ["criteria_shown"]
    assert refused.context["form"]["criteria_shown"].value() == precocious.applies_when[:3]
    assert not Label.objects.exists()


def test_precocious_with_every_condition_is_recorded_and_shown_again(analyst, case, precocious):
    client = signed_in(analyst)

    client.post(labels_url(case), said(precocious, criteria_shown=precocious.applies_when))

    assert Label.objects.get().criteria_shown == precocious.applies_when
    again = client.get(f"{labels_url(case)}?node={precocious.key}").context["form"]
    assert again["criteria_shown"].value() == precocious.applies_when


def test_an_ordinary_node_is_not_asked_condition_by_condition(analyst, case, node):
    form = signed_in(analyst).get(f"{labels_url(case)}?node={node.key}").context["form"]

    assert "criteria_shown" not in form.fields


@pytest.fixture
def transcript(case, analyst):
    turns = [{"role": "user", "text": "Finish the race.", "tool_calls": []}]
    turns.append({"role": "assistant", "text": "Finishing is <not> rewarded.", "tool_calls": []})
    return evidence.add_transcript(case=case, by=analyst, at=NOW, title="Run", turns=turns)


def test_a_passage_is_taken_as_the_quote_and_nothing_typed_is_lost(analyst, case, node, transcript):
    response = signed_in(analyst).post(
        labels_url(case), said(node, stance="absent", rationale="Half a thought", take=f"e{transcript.pk}.2")
    )

    form = response.context["form"]
    assert response.status_code == 200
    assert (form["quote"].value(), form["rationale"].value(), form["stance"].value()) == (
        "Finishing is <not> rewarded.",
        "Half a thought",
        Stance.ABSENT,
    )
    assert "&lt;not&gt;" in response.content.decode()
    assert not Label.objects.exists()


def test_passages_are_looked_through_by_words(analyst, case, node, transcript):
    response = signed_in(analyst).post(labels_url(case), said(node, look="1", find="RACE finish"))

    assert [passage.text for passage in response.context["passages"]] == ["Finish the race."]


@pytest.mark.parametrize("key", ["e999.1", "nonsense", "\x00", ""])
def test_a_passage_that_is_not_there_changes_nothing(analyst, case, node, transcript, key):
    response = signed_in(analyst).post(labels_url(case), said(node, take=key, quote="Mine."))

    assert (response.status_code, response.context["form"]["quote"].value()) == (200, "Mine.")


def test_passages_of_a_case_one_may_not_see_are_not_taken(analyst, case, node):
    hidden = make_case(status=Status.ANALYSIS, visibility="named")
    turns = [{"role": "user", "text": "Zebrafish.", "tool_calls": []}]
    row = evidence.add_transcript(case=hidden, by=hidden.owner, at=NOW, title="Run", turns=turns)

    response = signed_in(analyst).post(labels_url(case), said(node, take=f"e{row.pk}.1"))

    assert "Zebrafish" not in response.content.decode()


@pytest.mark.parametrize(
    ("quote", "hinted"),
    [
        ("finishing is\n <NOT> rewarded", False),
        ("It changed the assertion", False),
        ("", False),
        ("Nobody ever said this.", True),
    ],
)
def test_a_quote_that_stands_nowhere_is_hinted_at_and_recorded(analyst, case, node, transcript, quote, hinted):
    client = signed_in(analyst)

    client.post(labels_url(case), said(node, quote=quote))

    assert Label.objects.count() == 1
    assert ("does not stand word for word" in text_of(client.get(labels_url(case)))) == hinted


def test_what_help_me_choose_found_is_filled_in(analyst, case, node):
    client = signed_in(analyst)

    form = client.get(f"{labels_url(case)}?node={node.key}&grounds=documented&stance=unsure").context["form"]
    odd = client.get(f"{labels_url(case)}?node={node.key}&grounds=rumour&stance=<b>").context["form"]

    assert (form["grounds"].value(), form["stance"].value()) == ("documented", "unsure")
    assert (odd["grounds"].value(), odd["stance"].value()) == ("inferred", None)


@pytest.mark.parametrize("n", [1, 12])
def test_label_page_query_count(analyst, case, django_assert_num_queries, n):
    for _ in range(n):
        hold(case, make_node(), analyst)
        put_label(case, make_node())
    client = signed_in(analyst)

    with django_assert_num_queries(11):
        response = client.get(f"{labels_url(case)}?choose=1")

    assert len(response.context["own"]) == n
