"""The caller, other people, and what belongs to one person: tokens, views, subscriptions, digests, notifications."""

from api.routing import route
from api.views import me

routes = [route("me", me.Me, "me")]
