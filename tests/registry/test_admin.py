"""The administration of the product: people and subscriptions are changed, cases are only looked at."""

import pghistory.models
import pytest
from django.contrib import admin as django_admin

from registry.choices import JobState, Role, Visibility
from registry.models import (
    CaseReader,
    CountedRange,
    EventGroup,
    Job,
    Organisation,
    PatternRun,
    Person,
    Population,
    Subscription,
    System,
    Team,
)
from tests.factories import NOW, make_case, make_exposure, make_person, make_run, make_system
from tests.forms import filled_form

pytestmark = pytest.mark.django_db

PASSWORD = "four-words-nobody-guesses"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def address_of(row):
    return f"/admin/registry/{row._meta.model_name}/{row.pk}/change/"


def sent(client, row, **changes):
    """Open the row's page, change these fields and save."""
    page = client.get(address_of(row))
    return client.post(address_of(row), filled_form(page, f"{row._meta.model_name}_form") | changes)


def added(client, kind, /, **values):
    address = f"/admin/registry/{kind}/add/"
    return client.post(address, filled_form(client.get(address), f"{kind}_form") | values)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["adminform"].form.errors.items()}


# Who enters


@pytest.mark.parametrize("who", ["reader", "reporter", "analyst", "reviewer"])
def test_others_do_not_enter(client, request, who):
    client.force_login(request.getfixturevalue(who))

    addresses = ["/admin/", "/admin/registry/person/", "/admin/registry/case/", "/admin/registry/subscription/"]

    assert [client.get(address).status_code for address in addresses] == [302] * 4


def test_an_administrator_who_may_not_sign_in_any_more_does_not_enter(client, administrator):
    client.force_login(administrator)
    Person.objects.filter(pk=administrator.pk).update(is_active=False)

    assert client.get("/admin/").status_code == 302


def test_the_first_page_lists_what_is_administered_and_no_groups(admin):
    html = admin.get("/admin/").content.decode()

    assert all(f"/admin/registry/{name}/" in html for name in ("person", "subscription", "case", "job", "patternrun"))
    assert "/admin/auth/" not in html


# Cases


def test_cases_are_listed_with_the_way_to_their_page(admin):
    case = make_case()

    html = admin.get("/admin/registry/case/").content.decode()

    assert f'<a href="/cases/{case.reference}/">Open {case.reference}</a>' in html


def test_a_case_the_administrator_may_not_see_is_like_none(admin):
    hidden = make_case(title="Nobody reads this one", visibility=Visibility.NAMED)
    addresses = ["/admin/registry/case/", "/admin/registry/case/?q=Nobody"]

    pages = [admin.get(address).content.decode() for address in addresses]
    answers = [admin.get(address_of(hidden)), admin.get(address_of(hidden).replace(str(hidden.pk), "999999"))]

    assert [hidden.title in page for page in pages] == [False, False]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2


def test_a_case_the_administrator_is_named_on_is_listed(admin, administrator):
    case = make_case(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=case, person=administrator)

    assert case.reference in admin.get("/admin/registry/case/").content.decode()


def test_cases_are_not_changed_here(admin):
    case = make_case()

    answers = [
        admin.post(address_of(case), {"title": "Something else entirely"}),
        admin.post(address_of(case).replace("change", "delete"), {"post": "yes"}),
        admin.get("/admin/registry/case/add/"),
    ]

    case.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert case.title.startswith("Agent edits")


def test_no_address_tells_whether_a_hidden_case_exists(admin):
    assert [url.name for url in django_admin.site.get_urls() if getattr(url, "name", "") == "view_on_site"] == []


# People


def test_a_new_person_may_sign_in_with_the_password_given(admin, client):
    response = added(
        admin,
        "person",
        username="lena",
        name="Lena Li",
        email="lena@example.org",
        role=Role.ANALYST,
        usable_password="true",
        password1=PASSWORD,
        password2=PASSWORD,
    )

    person = Person.objects.get(username="lena")
    assert response.status_code == 302
    assert (person.name, person.role, person.check_password(PASSWORD)) == ("Lena Li", Role.ANALYST, True)
    assert pghistory.models.Events.objects.tracks(person).get().pgh_context["action"] == "create_person"


def test_a_person_without_a_password_cannot_sign_in_yet(admin):
    values = {"username": "lena", "name": "Lena Li", "email": "lena@example.org", "role": Role.READER}

    added(admin, "person", usable_password="false", **values)

    assert Person.objects.get(username="lena").has_usable_password() is False


def test_a_weak_password_is_refused_at_its_field(admin):
    values = {"username": "lena", "name": "Lena Li", "email": "lena@example.org", "role": Role.READER}

    response = added(admin, "person", usable_password="true", password1="12345", password2="12345", **values)

    assert list(errors_of(response)) == ["password2"]
    assert Person.objects.filter(username="lena").count() == 0


def test_an_address_in_use_is_refused_whatever_its_letters(admin):
    make_person(email="Lena@example.org")
    values = {"username": "lena", "name": "Lena Li", "email": "lena@EXAMPLE.org", "role": Role.READER}

    response = added(admin, "person", usable_password="false", **values)

    assert errors_of(response) == {"__all__": ["Somebody has this e-mail address already."]}


def test_a_role_is_changed_and_signed(admin, administrator):
    person = make_person(role=Role.REPORTER)

    sent(admin, person, role=Role.ANALYST)

    person.refresh_from_db()
    event = pghistory.models.Events.objects.tracks(person).order_by("-pgh_id").first()
    assert person.role == Role.ANALYST
    assert event.pgh_context["person"] == administrator.pk
    assert event.pgh_context["action"] == "edit_person"


@pytest.mark.parametrize("change", [{"role": Role.READER}, {"is_active": ""}])
def test_the_last_administrator_stays_one(admin, administrator, change):
    form = filled_form(admin.get(address_of(administrator)), "person_form") | change
    if change.get("is_active") == "":
        del form["is_active"]

    response = admin.post(address_of(administrator), form)

    administrator.refresh_from_db()
    assert errors_of(response) == {
        "__all__": ["This is the only administrator who may sign in. Name another one first."]
    }
    assert (administrator.role, administrator.is_active) == (Role.ADMINISTRATOR, True)


def test_the_second_editor_of_a_person_is_refused(admin):
    person = make_person()
    form = filled_form(admin.get(address_of(person)), "person_form")
    sent(admin, person, name="First Name")

    response = admin.post(address_of(person), form | {"name": "Second Name"})

    person.refresh_from_db()
    assert "Somebody else has changed this" in errors_of(response)["__all__"][0]
    assert person.name == "First Name"


def test_a_password_is_set_by_an_administrator(admin):
    person = make_person()
    address = f"/admin/registry/person/{person.pk}/password/"

    response = admin.post(address, {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"})

    person.refresh_from_db()
    assert (response.status_code, person.check_password(PASSWORD)) == (302, True)


def test_people_are_not_deleted(admin):
    person = make_person()

    response = admin.post(address_of(person).replace("change", "delete"), {"post": "yes"})

    assert (response.status_code, Person.objects.filter(pk=person.pk).exists()) == (403, True)


# Subscriptions, parties, events


def test_a_subscription_is_made_moved_and_stopped(admin):
    person = make_person()
    added(admin, "subscription", person=person.pk, weekday="2", hour="6", time_zone="Europe/London")
    subscription = Subscription.objects.get(person=person)
    made = (subscription.weekday, subscription.hour, subscription.time_zone, subscription.active)
    sent(admin, subscription, hour="9")
    moved = Subscription.objects.get(person=person).hour
    admin.post("/admin/registry/subscription/", {"action": "stop", "_selected_action": [subscription.pk]})

    assert made == (2, 6, "Europe/London", True)
    assert (moved, Subscription.objects.get(person=person).active) == (9, False)


def test_an_unknown_time_zone_is_refused_at_its_field(admin):
    response = added(admin, "subscription", person=make_person().pk, weekday="2", hour="6", time_zone="Mars/Olympus")

    assert list(errors_of(response)) == ["time_zone"]


@pytest.mark.parametrize("model", [Organisation, System])
def test_aliases_stand_with_their_party(admin, administrator, model):
    party = model.objects.create(name="Acme")

    response = sent(admin, party, **{"aliases-TOTAL_FORMS": "1", "aliases-0-name": "ACME Inc."})

    alias = party.aliases.get()
    assert (response.status_code, alias.name) == (302, "ACME Inc.")
    assert pghistory.models.Events.objects.tracks(alias).get().pgh_context["person"] == administrator.pk


def test_members_stand_with_their_team(admin, administrator, analyst, reviewer):
    added(
        admin, "team", **{"name": "Clinical tools safety", "members-TOTAL_FORMS": "1", "members-0-person": analyst.pk}
    )
    team = Team.objects.get()
    member = team.members.get()

    response = sent(admin, team, **{"members-TOTAL_FORMS": "2", "members-1-person": reviewer.pk})

    assert (response.status_code, {each.person for each in team.members.all()}) == (302, {analyst, reviewer})
    assert pghistory.models.Events.objects.tracks(member).get().pgh_context["person"] == administrator.pk


def test_an_event_lists_only_the_cases_the_administrator_may_see(admin):
    group = EventGroup.objects.create(name="One outage")
    seen = make_case(event_group=group)
    hidden = make_case(event_group=group, visibility=Visibility.NAMED)

    html = admin.get(address_of(group)).content.decode()

    assert (seen.reference in html, hidden.reference in html) == (True, False)


# Work and runs


@pytest.mark.parametrize("name", ["job", "patternrun"])
def test_jobs_and_runs_are_only_looked_at(admin, name):
    job = Job.objects.create(kind="recompute", state=JobState.PENDING, not_before=NOW, created_at=NOW)
    row = job if name == "job" else make_run()

    answers = [
        admin.get(f"/admin/registry/{name}/"),
        admin.get(address_of(row)),
        admin.post(address_of(row), {}),
        admin.get(f"/admin/registry/{name}/add/"),
        admin.post(address_of(row).replace("change", "delete"), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 403, 403, 403]
    assert (Job.objects.count(), PatternRun.objects.count()) == (1, 0 if name == "job" else 1)


def a_population():
    return Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)


def a_range():
    return CountedRange.objects.create(number=0, made_for="1", counted_at=NOW, content=b"sums")


@pytest.mark.parametrize("make", [make_exposure, a_population, a_range])
def test_what_runs_rest_on_is_only_looked_at(admin, make):
    row = make()

    answers = [
        admin.get(f"/admin/registry/{row._meta.model_name}/"),
        admin.get(address_of(row)),
        admin.post(address_of(row), {}),
        admin.get(f"/admin/registry/{row._meta.model_name}/add/"),
        admin.post(address_of(row).replace("change", "delete"), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 403, 403, 403]


def test_an_administrator_finds_no_use_of_a_system_they_may_not_see(admin):
    hidden = make_exposure(make_system("Canary", make_case(visibility=Visibility.NAMED)))

    assert "Canary" not in admin.get("/admin/registry/exposure/").content.decode()
    assert admin.get(address_of(hidden)).status_code == 302


@pytest.mark.parametrize("n", [1, 30])
def test_case_list_of_the_administration_query_count(admin, django_assert_num_queries, n):
    for _ in range(n):
        make_case()

    with django_assert_num_queries(4):
        response = admin.get("/admin/registry/case/")

    assert response.context["cl"].result_count == n
