"""Search on the case list, the names it offers, and what a rater who has yet to rate finds counted."""

from datetime import date

import pytest

from registry.choices import Status, Visibility
from registry.models import System
from taxonomy.models import Node
from tests.factories import NOW, agree, make_case, make_cases, make_node
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of, titles_in

pytestmark = pytest.mark.django_db


class TestSearch:
    def test_the_best_match_comes_first_until_another_order_is_asked_for(self, reader):
        make_case(title="The boat in the lagoon", occurred_from=date(2020, 1, 1))
        make_case(title="Something of a boat", context="It went round. " * 30 + "A lagoon.")
        client = signed_in(reader)

        ranked = client.get("/cases/?q=boat+lagoon")
        dated = client.get("/cases/?q=boat+lagoon&ordering=-occurred_at")

        assert titles_in(ranked) == ["The boat in the lagoon", "Something of a boat"]
        assert titles_in(dated) == ["Something of a boat", "The boat in the lagoon"]
        assert ranked.context["selection"].ordering == "-relevance"

    def test_without_words_there_is_no_relevance(self, reader):
        response = signed_in(reader).get("/cases/?ordering=-relevance")

        assert response.context["selection"].ordering == "-occurred_at"
        assert "Relevance" not in text_of(response)

    def test_pages_of_matches_follow_one_another(self, reader, monkeypatch):
        monkeypatch.setattr("registry.web.case_list.PER_PAGE", 2)
        cases = make_cases(5)
        client, seen, address = signed_in(reader), [], "/cases/?q=assertion"

        while address:
            response = client.get(address)
            seen += titles_in(response)
            following = response.context["page"]["next_url"]
            address = following and f"/cases/{following}"

        assert seen == [case.title for case in reversed(cases)]

    def test_passages_are_shown_with_the_words_marked_and_script_as_text(self, reader):
        make_case(title="The boat", observed_behaviour="<script>alert(1)</script> in a lagoon & more")

        response = signed_in(reader).get("/cases/?q=lagoon")

        assert "&lt;script&gt;alert(1)&lt;/script&gt; in a <mark>lagoon</mark> &amp; more" in response.content.decode()

    def test_more_matches_than_are_ranked_are_said(self, reader, monkeypatch):
        monkeypatch.setattr("registry.search.RANKED", 2)
        make_cases(3)

        response = signed_in(reader).get("/cases/?q=assertion")

        assert len(titles_in(response)) == 2
        assert "The 2 newest matches are ranked." in text_of(response)

    def test_a_full_reference_opens_the_case_and_nothing_else_does(self, reader):
        case, hidden = make_case(), make_case(visibility=Visibility.NAMED)
        client = signed_in(reader)

        assert client.get(f"/cases/?q={case.reference}")["Location"] == case.get_absolute_url()
        assert titles_in(client.get(f"/cases/?q={case.pk}")) == [case.title]
        assert titles_in(client.get(f"/cases/?q={case.reference}&status=closed")) == []
        assert titles_in(client.get(f"/cases/?q={hidden.reference}")) == []
        by_htmx = client.get(f"/cases/?q={case.reference}&status=", headers={"HX-Request": "true"})
        assert (by_htmx.status_code, by_htmx["HX-Redirect"]) == (200, case.get_absolute_url())


class TestFrequent:
    def test_the_ten_most_frequent_systems_and_people_are_counted_among_what_is_found(self, reader, reporter, analyst):
        make_cases(2, reporter=reporter)
        make_case(title="Of another system", owner=analyst, status=Status.ANALYSIS).case_systems.update(
            system=System.objects.create(name="vision-eval", created_at=NOW)
        )
        make_case(visibility=Visibility.NAMED, title="Hidden").case_systems.update(
            system=System.objects.create(name="canary-system", created_at=NOW)
        )

        response = signed_in(reader).get("/cases/")

        counts = response.context["counts"].frequent
        assert counts["system"] == [("code-agent", "code-agent", 2), ("vision-eval", "vision-eval", 1)]
        assert counts["owner"] == [("mira", "Mira Okafor", 1)]
        assert counts["reporter"][0] == ("sam", "Sam Adeyemi", 2)
        assert len(counts["reporter"]) == 2
        assert "canary" not in text_of(response)

    def test_what_is_chosen_stays_ticked_although_nothing_is_found(self, analyst):
        response = signed_in(analyst).get("/cases/?owner=me&system=Nothing of the kind")

        ticked = {
            facet["name"]: [(option["label"], option["chosen"]) for option in facet["options"]]
            for facet in response.context["frequent"]
        }
        assert ticked == {"system": [("Nothing of the kind", True)], "owner": [("Me", True)], "reporter": []}


class TestBlindCounts:
    @pytest.fixture
    def agreed(self, other_analyst):
        node = make_node("secret-stance", name="Secret stance", parent=make_node("above"))
        case = make_case(status=Status.ANALYSIS)
        put_label(case, node, by=other_analyst)
        return case

    def counted(self, person):
        found = signed_in(person).get("/cases/").context["counts"]
        return {row.slug: found.nodes[row.pk] for row in Node.objects.filter(pk__in=found.nodes)}

    def test_labels_of_others_are_counted_for_nobody_who_has_yet_to_rate(self, agreed, analyst, other_analyst, reader):
        assert self.counted(analyst) == {}
        assert self.counted(other_analyst) == self.counted(reader) == {"secret-stance": 1, "above": 1}

    def test_what_was_published_is_counted_with_what_it_stands_below(self, agreed, analyst):
        agree(agreed, make_node("published", parent=make_node("over-it")))

        assert self.counted(analyst) == {"published": 1, "over-it": 1}

    def test_after_rating_everything_is_counted(self, agreed, analyst):
        put_label(agreed, make_node("own"), by=analyst)

        assert {"secret-stance", "above"} <= set(self.counted(analyst))
