"""The pages of subscriptions: making, changing, pausing, stopping, and the mail before it comes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.actions import subscriptions
from registry.choices import About, DigestState, Visibility
from registry.digests import ledger, links
from registry.models import Digest, Subscription
from tests.factories import make_case, make_node, make_person, make_scheme, make_team, make_view
from tests.registry.digests.builders import END, make_subscription

pytestmark = pytest.mark.django_db

LIST, NEW = "/digests/subscriptions/", "/digests/subscriptions/new/"
WISH = {"cadence": "weekly", "weekday": "3", "day": "1", "hour": "18", "time_zone": "Europe/Berlin"}


@pytest.fixture
def subscription(reader, client):
    client.force_login(reader)
    return make_subscription(person=reader)


@pytest.fixture
def team(reader):
    team = make_team(reader, name="Evaluations")
    team.email = "evaluations@example.org"
    team.save()
    return team


def page_of(subscription, more=""):
    return f"{LIST}{subscription.pk}/{more}"


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestNew:
    def test_everything_on_a_day_and_an_hour(self, client, reader):
        client.force_login(reader)

        response = client.post(NEW, WISH | {"about": "everything"})

        made = Subscription.objects.get()
        assert (made.person, made.weekday, made.hour, made.time_zone) == (reader, 3, 18, "Europe/Berlin")
        assert response.url == LIST

    def test_a_branch_as_soon_as_something_is_found(self, client, subscription):
        node = make_node("bluff", name="Bluffing under watch")
        conditions = {"max_q": "0.05", "min_debt": "12", "min_severity": "high", "only_if_moved": "on"}

        client.post(NEW, WISH | conditions | {"about": "branch", "node": "bluffing UNDER watch", "cadence": "hourly"})

        made = Subscription.objects.get(about="branch")
        kept = (made.node, made.cadence, made.max_q, made.min_debt, made.min_severity.slug, made.only_if_moved)
        assert kept == (node, "hourly", 0.05, 12, "high", True)

    def test_a_view_and_a_system_by_their_names(self, client, reader, subscription):
        view = make_view(reader)
        make_case()

        client.post(NEW, WISH | {"about": "view", "view": view.slug})
        client.post(NEW, WISH | {"about": "system", "system": " CODE-agent "})

        assert Subscription.objects.get(about="view").view == view
        assert Subscription.objects.get(about="system").system.name == "code-agent"

    def test_what_was_typed_for_another_choice_does_not_count(self, client, subscription, analyst):
        client.force_login(analyst)

        client.post(NEW, WISH | {"about": "queue", "node": "nothing of the kind", "system": "nor this"})

        assert Subscription.objects.get(person=analyst).about == "queue"

    @pytest.mark.parametrize(
        ("field", "sent"),
        [
            ("about", {"about": "gossip"}),
            ("view", {"about": "view"}),
            ("view", {"about": "view", "view": "nobodys"}),
            ("node", {"about": "branch"}),
            ("node", {"about": "branch", "node": "No such node"}),
            ("node", {"about": "branch", "node": "a\x00b"}),
            ("system", {"about": "system", "system": "No such system"}),
            ("cadence", {"cadence": "yearly"}),
            ("cadence", {"cadence": "hourly"}),
            ("weekday", {"weekday": "7"}),
            ("day", {"day": "29"}),
            ("hour", {"hour": "24"}),
            ("time_zone", {"time_zone": "Mars/Olympus"}),
            ("time_zone", {"time_zone": "a\x00b"}),
            ("max_q", {"max_q": "2"}),
            ("max_q", {"max_q": "nan"}),
            ("min_debt", {"min_debt": "-1"}),
            ("min_debt", {"min_debt": "9" * 30}),
            ("min_severity", {"min_severity": "cosmic"}),
            ("team", {"team": "1"}),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field_and_kept_in_the_form(self, field, sent, client, analyst):
        client.force_login(analyst)

        response = client.post(NEW, {"about": "everything"} | WISH | sent)

        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
        assert response.context["form"]["hour"].value() == sent.get("hour", "18")
        assert Subscription.objects.count() == 0

    def test_what_is_followed_and_its_conditions_are_refused_together(self, client, analyst):
        client.force_login(analyst)

        response = client.post(NEW, WISH | {"about": "branch", "node": "No such node", "max_q": "3"})

        assert dict(response.context["form"].errors) == {
            "node": ["There is no node “No such node” in the taxonomy."],
            "max_q": ["q lies between 0 and 1."],
        }

    def test_the_same_twice_is_refused_in_words(self, client, subscription):
        response = client.post(NEW, WISH | {"about": "everything"})

        assert "comes every week already" in words(response)

    def test_a_system_of_confidential_cases_answers_like_one_that_does_not_exist(self, client, subscription):
        make_case(visibility=Visibility.NAMED)

        answers = [
            words(client.post(NEW, WISH | {"about": "system", "system": name})).replace(name, "it")
            for name in ("code-agent", "other-agent")
        ]

        assert answers[0] == answers[1]

    def test_an_ambiguous_branch_names_those_it_could_be(self, client, subscription):
        for slug in ("causes", "mechanisms"):
            make_node("deception", scheme=make_scheme(slug), name="Deception")

        refused = client.post(NEW, WISH | {"about": "branch", "node": "deception"})
        client.post(NEW, WISH | {"about": "branch", "node": "Deception (Mechanisms)"})

        assert "Write one of: Deception (Causes); Deception (Mechanisms)." in words(refused)
        assert Subscription.objects.get(about="branch").node.scheme.slug == "mechanisms"

    def test_pages_elsewhere_say_what_to_follow(self, client, subscription):
        node = make_node("inner", name="Inner misalignment")

        form = client.get(f"{NEW}?about=branch&node={node.key}&cadence=daily").context["form"]
        odd = client.get(f"{NEW}?about=gossip&node=%00&view=%00&cadence=x").context["form"]

        assert [form[name].value() for name in ("about", "node", "cadence")] == [
            "branch",
            "Inner misalignment (Colours)",
            "daily",
        ]
        assert (odd["about"].value(), odd["cadence"].value()) == ("everything", "weekly")

    def test_it_may_go_to_a_team_of_ones_own(self, client, subscription, team, analyst):
        client.post(NEW, WISH | {"about": "everything", "team": str(team.pk)})

        assert Subscription.objects.get(team=team).person == subscription.person
        client.force_login(analyst)
        assert "Evaluations" not in words(client.get(NEW))


class TestList:
    @pytest.mark.parametrize("n", [1, 25])
    def test_query_count(self, n, client, reader, django_assert_num_queries):
        client.force_login(reader)
        for _ in range(n):
            make_subscription(person=reader, about=About.BRANCH, node=make_node())

        with django_assert_num_queries(5):
            response = client.get(LIST)

        assert response.content.count(b"data-row") == n

    def test_each_says_what_when_and_on_which_conditions(self, client, subscription, team, analyst):
        make_subscription(person=analyst, team=team, cadence="daily", min_debt=40, hour=8)
        make_subscription(person=analyst, about="queue")

        page = words(client.get(LIST))

        assert "Everything Mondays at 07:00 (UTC)" in page
        assert "Every day at 08:00 (UTC), to Evaluations evaluations@example.org Only if debt rises above 40." in page
        assert "Your queue" not in page

    def test_stopped_ones_can_be_started_again(self, client, subscription):
        client.post(page_of(subscription, "steps/stop"))
        page = client.get(LIST)
        client.post(page_of(subscription, "steps/start"))

        subscription.refresh_from_db()
        assert ("Start again" in words(page), subscription.active) == (True, True)

    def test_an_empty_list_names_the_next_action(self, client, reader):
        client.force_login(reader)

        assert f'href="{NEW}"' in client.get(LIST).content.decode()

    def test_the_former_address_leads_here(self, client, subscription):
        assert client.get("/digests/subscription/").url == LIST


class TestChange:
    def test_schedule_and_conditions_are_changed(self, client, subscription):
        response = client.post(page_of(subscription), WISH | {"cadence": "monthly", "day": "15", "max_q": "0.1"})

        subscription.refresh_from_db()
        kept = (subscription.cadence, subscription.day, subscription.hour, subscription.max_q)
        assert (kept, response.url) == (("monthly", 15, 18, 0.1), LIST)

    def test_the_form_holds_what_is_kept(self, client, subscription):
        client.post(page_of(subscription), WISH | {"min_severity": "high"})

        form = client.get(page_of(subscription)).context["form"]

        assert [form[name].value() for name in ("hour", "time_zone", "min_severity")] == [18, "Europe/Berlin", "high"]

    def test_what_cannot_be_is_refused_at_its_field(self, client, subscription):
        response = client.post(page_of(subscription), WISH | {"cadence": "hourly"})

        assert (response.status_code, list(response.context["form"].errors)) == (422, ["cadence"])

    def test_a_pause_ends_on_the_morning_of_a_day_on_its_own_clocks(self, client, subscription):
        Subscription.objects.update(time_zone="Europe/Berlin")
        day = timezone.localdate() + timedelta(days=30)

        client.post(page_of(subscription, "steps/pause"), {"until": day.isoformat()})

        subscription.refresh_from_db()
        assert subscription.paused_until.astimezone().date() in (day, day - timedelta(days=1))
        assert "Paused" in words(client.get(LIST))
        client.post(page_of(subscription, "steps/resume"))
        subscription.refresh_from_db()
        assert subscription.paused_until is None

    @pytest.mark.parametrize("until", ["", "2020-01-01", "soon", "9999-12-31", "a\x00b"])
    def test_a_pause_that_cannot_be_is_refused_at_its_field(self, until, client, subscription):
        response = client.post(page_of(subscription, "steps/pause"), {"until": until})

        assert (response.status_code, list(response.context["pausing"].errors)) == (422, ["until"])

    @pytest.mark.parametrize("more", ["", "preview/", "preview/letter"])
    def test_that_of_somebody_else_answers_like_one_that_does_not_exist(self, more, client, subscription):
        theirs = make_subscription(person=make_person())

        codes = [client.get(f"{LIST}{number}/{more}").status_code for number in (theirs.pk, 2**31, 10**30)]

        assert codes == [404, 404, 404]

    @pytest.mark.parametrize("step", ["pause", "resume", "stop", "start", "send"])
    def test_nobody_else_takes_a_step_not_even_an_administrator(self, step, client, subscription, administrator):
        client.force_login(administrator)

        assert client.post(page_of(subscription, f"steps/{step}")).status_code == 404

    def test_there_are_no_other_steps(self, client, subscription):
        assert client.post(page_of(subscription, "steps/burn")).status_code == 404

    def test_two_tabs_that_stop_it_are_one(self, client, subscription):
        for _ in range(2):
            response = client.post(page_of(subscription, "steps/stop"))

        assert (response.status_code, Subscription.objects.get().active) == (302, False)


class TestSendNow:
    def test_it_is_due_at_once_and_only_once(self, client, subscription):
        said = [words(client.post(page_of(subscription, "steps/send"), follow=True)) for _ in range(2)]

        digest = Digest.objects.get()
        assert (digest.asked, digest.state, digest.person) == (True, DigestState.DUE, subscription.person)
        assert "comes within a minute" in said[0]
        assert "asked for already" in said[1]

    def test_of_a_stopped_one_nothing_is_sent(self, client, subscription):
        Subscription.objects.update(active=False)

        page = client.post(page_of(subscription, "steps/send"), follow=True)

        assert ("start it again first" in words(page), Digest.objects.count()) == (True, 0)


class TestPreview:
    def test_it_shows_the_mail_as_it_would_be_now(self, client, subscription):
        page = client.get(page_of(subscription, "preview/"))

        assert f'src="{page_of(subscription, "preview/letter")}"' in page.content.decode()
        assert ("<svg" in page.content.decode(), Digest.objects.count()) == (True, 0)
        assert "reader@" in words(page) or subscription.person.email in words(page)

    def test_it_says_whether_a_condition_is_met(self, client, reader, subscription):
        quiet = make_subscription(person=reader, cadence="daily", min_debt=10_000)

        assert "Nothing would be sent." in words(client.get(page_of(quiet, "preview/")))

    def test_the_letter_may_use_its_own_styles_and_nothing_else(self, client, subscription):
        letter = client.get(page_of(subscription, "preview/letter"))

        assert "default-src 'none'" in letter["Content-Security-Policy"]
        assert (letter["X-Frame-Options"], letter.content.count(b"cid:")) == ("SAMEORIGIN", 0)


class TestStop:
    def test_looking_at_the_address_changes_nothing_and_says_which_it_is(self, client, reader, subscription):
        client.logout()
        branch = make_subscription(person=reader, about="branch", node=make_node(name="Deception"))

        page = client.get(links.stop(branch))

        branch.refresh_from_db()
        assert ("Branch Deception Mondays at 07:00 (UTC)" in words(page), branch.active) == (True, True)

    def test_posting_stops_it_without_signing_in(self, subscription):
        stranger = Client(enforce_csrf_checks=True)

        page = stranger.post(
            links.stop(subscription), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )

        subscription.refresh_from_db()
        assert ("The digest is stopped" in words(page), subscription.active) == (True, False)
        assert ledger.plan(at=END) == []

    @pytest.mark.parametrize("token", ["1:forged", "1", "x:y", ":", "%00"])
    def test_a_forged_address_is_not_found(self, token, client, subscription):
        assert client.post(f"/digests/stop/{token}/").status_code == 404

    def test_the_address_of_one_stops_no_other(self, client, subscription, analyst, now):
        other = subscriptions.subscribe(person=analyst, by=analyst, at=now)

        client.post(links.stop(subscription))

        other.refresh_from_db()
        assert other.active is True

    def test_a_team_is_not_stopped_by_whoever_holds_the_mail(self, subscription, team):
        of_team = make_subscription(person=subscription.person, team=team)

        answers = [Client().get(links.stop(of_team)), Client().post(links.stop(of_team))]

        of_team.refresh_from_db()
        assert [answer.url for answer in answers] == [page_of(of_team)] * 2
        assert (of_team.active, Client().get(page_of(of_team)).status_code) == (True, 302)


class TestWaysIn:
    def test_a_node_a_system_and_a_view_lead_to_a_digest_of_themselves(self, client, reader, subscription):
        case = make_case(nodes=[node := make_node("inner")])
        view = make_view(reader)
        pages = {
            f"/taxonomy/{node.scheme.slug}/{node.slug}/": f"about=branch&amp;node={node.key}",
            f"/systems/{case.systems.get().pk}/": "about=system&amp;system=code-agent",
            f"/cases/?view={view.slug}": f"about=view&amp;view={view.slug}",
            "/cases/views/": f"about=view&amp;view={view.slug}",
        }

        for page, query in pages.items():
            assert f'href="{NEW}?{query}"' in client.get(page).content.decode()
