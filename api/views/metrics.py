"""Figures for a monitoring system, in the text format of Prometheus."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from api.errors import Problem
from api.models import Scope
from api.views.base import RegistryView
from registry.choices import DigestState
from registry.digests import clock, delivery

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OUTCOMES = (DigestState.SENT, DigestState.REFUSED, DigestState.UNCERTAIN)


@extend_schema(exclude=True)
class Metrics(RegistryView):
    """For an administrator's token or session: the figures tell how many people read what."""

    scopes = {"GET": (Scope.ADMIN,)}

    def get(self, request):
        if not request.user.is_administrator:
            raise Problem("not-allowed", "Only administrators read the metrics.")
        return HttpResponse(exposition(at=clock.database_now()), content_type=MEDIA_TYPE)


def exposition(*, at):
    """All metrics, each with its help and type."""
    late, states, seen = delivery.overdue(at=at), delivery.states_since(), clock.last_seen()
    oldest = (at - late[0].since).total_seconds() if late else 0
    families = [
        ("air_digests", "gauge", "Digests by state.", labelled("state", states)),
        ("air_digests_overdue", "gauge", "Digests that should have gone out over ten minutes ago.", {"": len(late)}),
        ("air_digests_oldest_overdue_seconds", "gauge", "How long the oldest of them has been due.", {"": oldest}),
        (
            "air_mails_handed_total",
            "counter",
            "Mails of digests handed to the mail server, by what became of them.",
            labelled("outcome", {state: states[state] for state in OUTCOMES}),
        ),
        ("air_digest_attempts_total", "counter", "Times that a digest was written.", {"": delivery.attempts_ever()}),
        (
            "air_last_seen_timestamp_seconds",
            "gauge",
            "When planner and beat were seen last.",
            labelled("process", {name: when.timestamp() for name, when in seen.items() if when}),
        ),
        ("air_jobs", "gauge", "Jobs by state.", labelled("state", delivery.jobs_by_state())),
    ]
    return "".join(family(*each) for each in families)


def labelled(name, values):
    """{label of the exposition: value}; the names of states need no escaping."""
    return {f'{{{name}="{key}"}}': value for key, value in values.items()}


def family(name, kind, help_text, values):
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{label} {value}" for label, value in values.items()]
    return "\n".join(lines) + "\n"
