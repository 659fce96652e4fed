"""The caller, other people, and what belongs to one person: tokens, views, subscriptions, digests, notifications."""

from api.routing import NUMBER, SLUG, USERNAME, route
from api.views import digests, me, notifications, people, saved_views, subscriptions, tokens

routes = [
    route("me", me.Me, "me"),
    route("tokens", tokens.OwnTokenList, "token-list"),
    route(rf"tokens/{NUMBER}", tokens.OwnToken, "token"),
    route("people", people.PersonList, "person-list"),
    route(rf"people/{USERNAME}", people.OnePerson, "person"),
    route(rf"people/{USERNAME}/tokens", tokens.TokensOfPerson, "person-token-list"),
    route(rf"people/{USERNAME}/tokens/{NUMBER}", tokens.TokenOfPerson, "person-token"),
    route("teams", people.TeamList, "team-list"),
    route(rf"teams/{NUMBER}", people.OneTeam, "team"),
    route("views", saved_views.ViewList, "view-list"),
    route("views/default", saved_views.DefaultView, "view-default"),
    route(rf"views/{SLUG}", saved_views.OneView, "view"),
    route("subscriptions", subscriptions.SubscriptionList, "subscription-list"),
    route(rf"subscriptions/{NUMBER}", subscriptions.OneSubscription, "subscription"),
    route(rf"subscriptions/{NUMBER}/send-now", subscriptions.SendNow, "subscription-send-now"),
    route("digests", digests.DigestList, "digest-list"),
    route(rf"digests/{NUMBER}", digests.OneDigest, "digest"),
    route("notifications", notifications.NotificationList, "notification-list"),
    route("notifications/unseen", notifications.Unseen, "notification-unseen"),
    route("notifications/seen", notifications.Seen, "notification-seen"),
    route(rf"notifications/{NUMBER}", notifications.OneNotification, "notification"),
]
