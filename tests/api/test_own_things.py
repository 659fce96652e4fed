"""What belongs to one person: saved views, the digest, what they were told, and mail."""

import pytest

from registry.choices import DigestState, Visibility
from registry.models import Notification, Person, SavedView, Subscription
from tests.analysed import notification
from tests.api.conftest import Tool
from tests.factories import NOW, make_case, make_person
from tests.registry.digests.builders import END, make_digest, make_subscription

pytestmark = pytest.mark.django_db


def make_view(owner, name, **values):
    values = {"slug": name.lower(), "query": "status=triage&ordering=-severity"} | values
    return SavedView.objects.create(owner=owner, name=name, created_at=NOW, updated_at=NOW, **values)


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
        assert as_reader.send("POST", "subscriptions/", {}).status_code == 409
        moved = as_reader.send("PATCH", made["Location"], {"hour": 9})
        assert (moved.json()["hour"], moved.json()["weekday"]) == (9, "friday")
        stopped = as_reader.send("DELETE", made["Location"])

        assert (stopped.status_code, as_reader.get(made["Location"]).status_code) == (204, 404)
        assert Subscription.objects.get(person=reader).active is False
        assert as_reader.send("POST", "subscriptions/", {}).status_code == 201

    @pytest.mark.parametrize(
        ("sent", "pointer"),
        [({"hour": 24}, "#/hour"), ({"weekday": 0}, "#/weekday"), ({"time_zone": "Mars/Base"}, "#/time_zone")],
    )
    def test_a_time_that_is_none_is_refused(self, as_reader, sent, pointer):
        refused = as_reader.send("POST", "subscriptions/", sent)

        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)

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

        with django_assert_num_queries(2):
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
