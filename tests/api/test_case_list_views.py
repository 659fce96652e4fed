"""The list through a saved view, by relevance, and for a rater who has yet to rate."""

import pytest

from registry.actions import views
from registry.choices import Status
from taxonomy.models import SeverityTier
from tests.api.conftest import Tool
from tests.api.test_case_list import first_error, references
from tests.factories import NOW, make_case, make_node
from tests.factories import label as put_label

pytestmark = pytest.mark.django_db


class TestView:
    @pytest.fixture
    def high_and_low(self):
        tiers = {slug: SeverityTier.objects.get(slug=slug) for slug in ("high", "low")}
        return [make_case(potential_severity=tiers[slug]) for slug in ("high", "low")]

    def save(self, person, query, **values):
        return views.save_view(by=person, at=NOW, name="Mine", query=query, **values).slug

    def test_a_view_lists_its_cases_in_its_order_and_other_parameters_narrow_it(
        self, as_analyst, analyst, high_and_low
    ):
        high, low = high_and_low
        slug = self.save(analyst, "status=triage&ordering=id")

        assert references(as_analyst.get(f"cases/?view={slug}")) == [high.reference, low.reference]
        assert references(as_analyst.get(f"cases/?view={slug}&ordering=-id")) == [low.reference, high.reference]
        assert references(as_analyst.get(f"cases/?view={slug}&severity=low")) == [low.reference]
        assert references(as_analyst.get(f"cases/?view={slug}&status=closed&status=triage&severity=high")) == [
            high.reference
        ]
        assert as_analyst.get(f"cases/?view={slug}&status=closed&count=exact").json()["count"] == 0

    def test_pages_of_a_view_follow_one_another(self, as_analyst, analyst, high_and_low):
        url, seen = f"cases/?limit=1&view={self.save(analyst, 'ordering=id')}", []

        while url:
            body = as_analyst.get(url).json()
            seen += [row["reference"] for row in body["results"]]
            url = body["next"]

        assert seen == [case.reference for case in high_and_low]

    def test_all_is_every_case(self, as_analyst, high_and_low):
        assert len(references(as_analyst.get("cases/?view=all"))) == 2

    def test_an_unknown_and_a_foreign_private_view_are_refused_alike(self, as_reporter, analyst):
        slug = self.save(analyst, "status=triage")

        for name in (slug, "no-such-view"):
            assert first_error(as_reporter.get(f"cases/?view={name}")) == {
                "pointer": "?view",
                "code": "unknown_view",
                "detail": f"There is no view “{name}”.",
            }

    def test_a_shared_view_shows_each_their_own_cases(self, as_reporter, analyst):
        slug = self.save(analyst, "owner=me", shared=True)
        make_case(owner=analyst)

        assert references(as_reporter.get(f"cases/?view={slug}")) == []

    def test_a_filter_that_no_longer_works_is_named(self, as_analyst, analyst):
        node = make_node("red")
        slug = self.save(analyst, "label=red")
        type(node).objects.filter(pk=node.pk).update(slug="crimson")

        assert first_error(as_analyst.get(f"cases/?view={slug}"))["detail"] == (
            "The view holds a filter that no longer works. label: There is no node “red”."
        )


class TestRelevance:
    def test_the_best_match_comes_first_page_by_page(self, as_analyst):
        title = make_case(title="The boat in the lagoon")
        text = make_case(title="Something else", context="A boat. " + "More words follow here. " * 20 + "A lagoon.")

        first = as_analyst.get("cases/?q=boat lagoon&ordering=-relevance&limit=1")
        second = as_analyst.get(first.json()["next"])

        assert references(first) + references(second) == [title.reference, text.reference]
        assert second.json()["next"] is None

    def test_it_needs_words(self, as_analyst):
        assert first_error(as_analyst.get("cases/?ordering=-relevance"))["detail"] == (
            "Relevance needs words to search for: give “q”."
        )


class TestBlind:
    """Statements are shared between readers; what a rater may know is not."""

    def test_a_label_of_others_is_found_by_those_who_may_know_it(self, analyst, other_analyst, reader):
        node = make_node("red")
        case = make_case(status=Status.ANALYSIS)
        put_label(case, node, by=other_analyst, confidence=80)

        for query in ("label=red", "label__all=red", "confidence__gte=70"):
            found = [references(Tool(person).get(f"cases/?{query}")) for person in (other_analyst, analyst, reader)]
            assert found == [[case.reference], [], [case.reference]], query
            without = references(Tool(analyst).get("cases/?label__none=red"))
            assert without == [case.reference]
