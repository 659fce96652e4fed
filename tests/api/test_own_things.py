"""What belongs to one person: saved views, the digest, what they were told, and mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.choices import DigestState, Visibility
from registry.models import Notification, Person, Subscription
from tests.analysed import notification
from tests.api.conftest import Tool
from tests.factories import NOW, make_case, make_person, make_team, make_view
from tests.registry.digests.builders import END, make_digest, make_subscription

pytestmark = pytest.mark.django_db


class TestViews:
    @pytest.mark.parametrize("n", [1, 30])
    def test_list_query_count(self, as_reader, django_assert_num_queries, n):
        for number in range(n):
            make_view(make_person(), f"View{number}", shared=True)

        with django_assert_num_queries(2):
            rows = as_reader.get("views/").json()["results"]

        assert len(rows) == n

    def test_save_use_change_and_forget(self, as_analyst):
        sent = {"name": "Unowned", "filters": {"status": ["triage", "review"]}, "ordering": "-severity"}

        made = as_analyst.send("POST", "views/", sent)
        assert (made.status_code, made.json()["filters"], made.json()["ordering"]) == (
            201,
            {"status": ["review", "triage"]},
            "-severity",
        )
        assert as_analyst.get(f"cases/?view={made.json()['slug']}").status_code == 200
        shared = as_analyst.send("PATCH", made["Location"], {"shared": True, "ordering": None}, match=made["ETag"])
        assert (shared.json()["shared"], shared.json()["filters"], shared.json()["ordering"]) == (
            True,
            {"status": ["review", "triage"]},
            None,
        )
        stale = as_analyst.send("PATCH", made["Location"], {"name": "Mine"}, match=made["ETag"])
        assert (stale.status_code, stale.json()["changed"]) == (412, ["shared", "filters"])
        assert as_analyst.send("DELETE", made["Location"], match=shared["ETag"]).status_code == 204
        assert as_analyst.get(made["Location"]).status_code == 404

    def test_others_views_are_seen_if_shared_and_never_changed(self, as_analyst, reader):
        shared, private = make_view(reader, "Shared", shared=True), make_view(reader, "Private")

        assert [row["slug"] for row in as_analyst.get("views/").json()["results"]] == [shared.slug]
        assert as_analyst.get(f"views/{private.slug}/").status_code == 404
        assert as_analyst.send("PATCH", f"views/{shared.slug}/", {"name": "Mine"}, match="*").status_code == 403

    @pytest.mark.parametrize(
        ("filters", "pointer"),
        [
            ({"label": ["no-such-node"]}, "#/filters/label"),
            ({"nonsense": ["1"]}, "#/filters/nonsense"),
            ({"status": "triage"}, "#/filters/status"),
            ({"status": []}, "#/filters/status"),
            ({"status": ["nowhere"]}, "#/filters/status"),
        ],
    )
    def test_a_filter_that_does_not_work_is_refused_by_its_name(self, as_analyst, filters, pointer):
        refused = as_analyst.send("POST", "views/", {"name": "Broken", "filters": filters})

        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)

    def test_a_second_view_of_a_name_is_refused(self, as_analyst):
        assert [as_analyst.send("POST", "views/", {"name": "One"}).status_code for _ in range(2)] == [201, 409]

    def test_the_list_opens_with_what_was_chosen(self, as_analyst, analyst, reader):
        view, private = make_view(analyst, "Mine"), make_view(reader, "Private")

        chosen = as_analyst.send("PUT", "views/default/", {"view": view.slug})
        refused = as_analyst.send("PUT", "views/default/", {"view": private.slug})

        assert (chosen.json(), as_analyst.get("views/default/").json()) == ({"view": "mine"}, {"view": "mine"})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/view")
        assert as_analyst.get("views/mine/").json()["default"] is True
        assert as_analyst.send("PUT", "views/default/", {"view": None}).json() == {"view": None}


class TestSubscriptions:
    def test_subscribe_move_and_stop(self, as_reader, reader):
        made = as_reader.send("POST", "subscriptions/", {"weekday": "friday", "hour": 16, "time_zone": "Europe/London"})
        assert (made.status_code, made.json()["weekday"], made.json()["person"]) == (201, "friday", "rena")
        assert (made.json()["about"], made.json()["cadence"]) == ("everything", "weekly")
        assert as_reader.send("POST", "subscriptions/", {}).status_code == 409
        moved = as_reader.send("PATCH", made["Location"], {"hour": 9})
        assert (moved.json()["hour"], moved.json()["weekday"]) == (9, "friday")
        stopped = as_reader.send("DELETE", made["Location"])

        assert (stopped.status_code, as_reader.get(made["Location"]).status_code) == (204, 404)
        assert Subscription.objects.get(person=reader).active is False
        assert as_reader.send("POST", "subscriptions/", {}).status_code == 201

    @pytest.mark.parametrize(
        ("sent", "pointer"),
        [
            ({"hour": 24}, "#/hour"),
            ({"weekday": 0}, "#/weekday"),
            ({"day": 29}, "#/day"),
            ({"time_zone": "Mars/Base"}, "#/time_zone"),
            ({"cadence": "yearly"}, "#/cadence"),
            ({"cadence": "hourly"}, "#/cadence"),
            ({"about": "view"}, "#/view"),
            ({"about": "view", "view": "nobodys"}, "#/view"),
            ({"about": "branch", "node": "no:such"}, "#/node"),
            ({"about": "system", "system": "nor this"}, "#/system"),
            ({"node": "misalignment-causes:inner"}, "#/node"),
            ({"team": "Nobodys"}, "#/team"),
            ({"about": "queue", "max_q": 0.1}, "#/max_q"),
            ({"max_q": 1.5}, "#/max_q"),
            ({"max_q": "0.05"}, "#/max_q"),
            ({"min_debt": -1}, "#/min_debt"),
            ({"min_severity": "cosmic"}, "#/min_severity"),
            ({"colour": "red"}, "#/colour"),
        ],
    )
    def test_a_wish_that_cannot_be_is_refused_at_its_field(self, as_reader, sent, pointer):
        refused = as_reader.send("POST", "subscriptions/", sent)

        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)

    def test_a_branch_on_conditions_for_a_team(self, as_reader, reader):
        team = make_team(reader, name="Evaluations")
        team.email = "evaluations@example.org"
        team.save()
        wishes = {"about": "branch", "node": "misalignment-causes:inner", "cadence": "hourly", "team": "evaluations"}
        conditions = {"only_if_moved": True, "max_q": 0.05, "min_debt": 12, "min_severity": "high"}

        made = as_reader.send("POST", "subscriptions/", wishes | conditions).json()

        assert {name: made[name] for name in conditions} == conditions
        assert (made["team"], made["node"], made["words"]) == (
            "Evaluations",
            "misalignment-causes:inner",
            "Branch Inner misalignment",
        )

    def test_it_is_paused_and_goes_on(self, as_reader, reader):
        own = f"subscriptions/{make_subscription(person=reader).pk}/"
        until = (timezone.now() + timedelta(days=9)).isoformat()

        paused = as_reader.send("PATCH", own, {"paused_until": until, "hour": 9}).json()
        resumed = as_reader.send("PATCH", own, {"paused_until": None}).json()
        refused = as_reader.send("PATCH", own, {"paused_until": "2020-01-01T00:00:00Z"}).json()

        assert (paused["next_at"] >= paused["paused_until"], paused["hour"]) == (True, 9)
        assert (resumed["paused_until"], resumed["next_at"] < until) == (None, True)
        assert [each["pointer"] for each in refused["errors"]] == ["#/paused_until"]

    def test_what_it_follows_is_not_changed(self, as_reader, reader):
        own = f"subscriptions/{make_subscription(person=reader).pk}/"

        refused = as_reader.send("PATCH", own, {"about": "queue"}).json()

        assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [("#/about", "unknown_field")]

    def test_it_is_sent_now_and_once(self, as_reader, reader):
        own = f"subscriptions/{make_subscription(person=reader).pk}/send-now/"

        asked = [as_reader.send("POST", own, None) for _ in range(2)]

        assert [each.status_code for each in asked] == [202, 202]
        assert (asked[0].json()["id"], asked[0].json()["asked"]) == (asked[1].json()["id"], True)
        assert as_reader.get(asked[0]["Location"]).json()["state"] == "due"

    def test_an_administrator_is_not_told_the_names_of_views_and_systems(self, administrator, reader):
        view = make_view(reader, "Unannounced model")
        system = make_case(visibility=Visibility.NAMED).systems.get()
        make_subscription(person=reader, about="view", view=view)
        make_subscription(person=reader, about="system", system=system)

        rows = Tool(administrator).get("subscriptions/?ordering=id").json()["results"]

        told = [(row["about"], row["view"], row["system"], row["words"]) for row in rows]
        assert told == [("view", None, None, "A saved view"), ("system", None, None, "A system")]
        assert {row["html_url"] for row in rows} == {"http://testserver/digests/subscriptions/"}

    def test_those_of_ones_teams_are_there(self, as_reader, reader, analyst):
        theirs = make_subscription(person=analyst, team=make_team(reader, name="Evaluations"))
        digest = make_digest(theirs, asked=True, state=DigestState.QUIET)

        row = as_reader.get(f"digests/{digest.pk}/").json()

        assert [each["id"] for each in as_reader.get("subscriptions/").json()["results"]] == [theirs.pk]
        kept = [row[name] for name in ("subscription", "team", "words", "asked", "state")]
        assert kept == [theirs.pk, "Evaluations", "Everything", True, "quiet"]

    def test_everybodys_are_for_administrators_whose_token_says_so(self, administrator, reader):
        mine, theirs = make_subscription(person=administrator), make_subscription(person=reader)

        def seen(tool):
            return [row["id"] for row in tool.get("subscriptions/?ordering=id").json()["results"]]

        assert seen(Tool(administrator)) == [mine.pk, theirs.pk]
        assert seen(Tool(administrator, "cases:read")) == [mine.pk]
        assert Tool(administrator, "cases:read").get(f"subscriptions/{theirs.pk}/").status_code == 404

    @pytest.mark.parametrize("n", [1, 30])
    def test_list_query_count(self, administrator, django_assert_num_queries, n):
        for _ in range(n):
            make_subscription()
        tool = Tool(administrator)

        with django_assert_num_queries(3):
            rows = tool.get("subscriptions/").json()["results"]

        assert len(rows) == n


class TestDigests:
    @pytest.mark.parametrize("n", [1, 30])
    def test_list_query_count(self, as_reader, reader, django_assert_num_queries, n):
        subscription = make_subscription(person=reader)
        for week in range(n):
            make_digest(subscription, end=END.replace(year=END.year + week))

        with django_assert_num_queries(2):
            rows = as_reader.get("digests/").json()["results"]

        assert len(rows) == n

    def test_a_digest_is_read_as_it_was_mailed(self, as_reader, reader, as_analyst):
        written = {"subject": "The week", "text": "Two cases.", "html": "<html><head></head><p>Two cases.</p></html>"}
        sent = make_digest(make_subscription(person=reader), state=DigestState.SENT, **written)

        answer = as_reader.get(f"digests/{sent.pk}/").json()

        assert (answer["subject"], answer["text"], answer["state"]) == ("The week", "Two cases.", "sent")
        assert answer["html"] == '<html><head><base target="_top"></head><p>Two cases.</p></html>'
        assert as_analyst.get(f"digests/{sent.pk}/").status_code == 404

    def test_what_is_owed_has_no_words_and_no_page_yet(self, as_reader, reader):
        due = make_digest(make_subscription(person=reader))

        answer = as_reader.get(f"digests/{due.pk}/").json()

        assert [answer[name] for name in ("subject", "text", "html", "html_url", "sent_at")] == [None] * 5


class TestNotifications:
    @pytest.mark.parametrize("n", [1, 30])
    def test_list_query_count(self, as_reader, reader, django_assert_num_queries, n):
        for _ in range(n):
            notification(person=reader, kind="moved", at=NOW, actor=make_person())

        with django_assert_num_queries(2):
            rows = as_reader.get("notifications/").json()["results"]

        assert len(rows) == n

    def test_told_counted_and_seen(self, as_reader, reader):
        case, other = make_case(), make_case()
        mira = make_person(username="mira", name="Mira Okafor")
        for about in (case, case, other):
            notification(person=reader, case=about, kind="moved", at=NOW, actor=mira)
        notification(person=make_person(), case=case, kind="moved", at=NOW)

        first = as_reader.get("notifications/").json()["results"][0]
        assert (first["words"], first["actor"], first["seen_at"]) == ("Mira Okafor moved it on", "mira", None)
        assert as_reader.get(first["url"]).json() == first
        assert as_reader.get("notifications/unseen/").json() == {"notifications": 3, "cases": 2}
        assert as_reader.send("POST", "notifications/seen/", {"case": case.reference}).json() == {"seen": 2}
        unseen = as_reader.get("notifications/?unseen=true").json()["results"]
        assert [row["case"] for row in unseen] == [other.reference]
        assert as_reader.send("POST", "notifications/seen/", {}).json() == {"seen": 1}
        assert as_reader.get("notifications/unseen/").json() == {"notifications": 0, "cases": 0}

    def test_of_a_case_one_may_not_see_nothing_is_told(self, as_reader, reader):
        hidden = make_case(visibility=Visibility.NAMED)
        told = notification(person=reader, case=hidden, kind="moved", at=NOW)

        assert as_reader.get("notifications/").json()["results"] == []
        assert as_reader.get(f"notifications/{told.pk}/").status_code == 404
        assert as_reader.get("notifications/unseen/").json() == {"notifications": 0, "cases": 0}
        assert as_reader.send("POST", "notifications/seen/", {"case": hidden.reference}).status_code == 404
        assert Notification.objects.get().seen_at is None


def test_a_person_chooses_whether_mail_comes(as_reader, reader):
    changed = as_reader.send("PATCH", "me/", {"wants_mail": False})

    assert (changed.status_code, changed.json()["wants_mail"]) == (200, False)
    assert Person.objects.get(pk=reader.pk).wants_mail is False
    assert as_reader.send("PATCH", "me/", {"role": "administrator"}).status_code == 400
    assert as_reader.send("PATCH", "me/", {"wants_mail": None}).status_code == 400
