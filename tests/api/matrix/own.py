"""What belongs to one person: saved views, the digest, what they were told."""

from registry.choices import Status, Visibility
from registry.models import SavedView, Subscription
from tests.analysed import notification
from tests.api.matrix.rows import ALL, GONE, OTHERS, OWN, RESTRICTED, Made, Row
from tests.factories import NOW, make_case, make_person
from tests.registry.digests.builders import make_digest

REFUSED, MADE, DELETED = (403,) * 5, (201,) * 5, (204,) * 5
BY_ADMINISTRATORS = (404, 404, 404, 404, 200)

ELSEWHERE = {
    Row("api-me", "PATCH", "me/", '{"wants_mail": false}', match=None): ALL,
    Row("api-view-list", "GET", "views/"): ALL,
    Row("api-view-list", "POST", "views/", '{"name": "Mine", "filters": {"owner": ["me"]}}'): MADE,
    Row("api-view-default", "GET", "views/default/"): ALL,
    Row("api-view-default", "PUT", "views/default/", '{"view": null}', match=None): ALL,
    Row("api-subscription-list", "GET", "subscriptions/"): ALL,
    Row("api-subscription-list", "POST", "subscriptions/", '{"weekday": "friday"}'): MADE,
    Row("api-digest-list", "GET", "digests/"): ALL,
    Row("api-notification-list", "GET", "notifications/"): ALL,
    Row("api-notification-unseen", "GET", "notifications/unseen/"): ALL,
    Row("api-notification-seen", "POST", "notifications/seen/", "{}"): ALL,
}
# Another's view is one they share, a restricted one is not shared. Another's subscription is there for administrators
# alone, a restricted one was stopped. What was told restrictedly is of a case that one may not see any more.
ABOUT_A_THING = {
    Row("api-view", "GET", "views/{view}/"): (ALL, ALL, GONE),
    Row("api-view", "PATCH", "views/{view}/", '{"name": "Renamed"}'): (ALL, REFUSED, GONE),
    Row("api-view", "DELETE", "views/{view}/"): (DELETED, REFUSED, GONE),
    Row("api-subscription", "GET", "subscriptions/{subscription}/"): (ALL, BY_ADMINISTRATORS, GONE),
    Row("api-subscription", "PATCH", "subscriptions/{subscription}/", '{"hour": 9}', match=None): (
        ALL,
        BY_ADMINISTRATORS,
        GONE,
    ),
    Row("api-subscription", "DELETE", "subscriptions/{subscription}/", match=None): (
        DELETED,
        (404, 404, 404, 404, 204),
        GONE,
    ),
    Row("api-subscription-send-now", "POST", "subscriptions/{subscription}/send-now/", match=None): (
        (202,) * 5,
        GONE,
        GONE,
    ),
    Row("api-digest", "GET", "digests/{digest}/"): (ALL, GONE, GONE),
    Row("api-notification", "GET", "notifications/{notification}/"): (ALL, GONE, GONE),
}


def things(whose, caller, case):
    """A saved view, a subscription, a digest and something told."""
    person = caller if whose == OWN else make_person()

    def view():
        number = SavedView.objects.count()
        values = {"name": f"View {number}", "slug": f"view-{number}", "shared": whose == OTHERS}
        return SavedView.objects.create(owner=person, query="owner=me", created_at=NOW, updated_at=NOW, **values).slug

    def subscription():
        return Subscription.objects.create(person=person, active=whose != RESTRICTED, created_at=NOW).pk

    def digest():
        return make_digest(Subscription.objects.create(person=person, created_at=NOW)).pk

    def told():
        hidden = make_case(visibility=Visibility.NAMED, status=Status.ANALYSIS)
        about = {"case": hidden, "person": caller} if whose == RESTRICTED else {"person": person}
        return notification(kind="moved", at=NOW, **about).pk

    made = {"view": view, "subscription": subscription, "digest": digest, "notification": told}
    return {name: Made(make) for name, make in made.items()}
