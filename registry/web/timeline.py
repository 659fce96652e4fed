"""What happened to one case in order of time, from its occurrence to its latest status."""

from dataclasses import dataclass

from registry.choices import Status

MILESTONES = {
    Status.TRIAGE: "Submitted for triage",
    Status.ANALYSIS: "Accepted for analysis",
    Status.REVIEW: "Review asked for",
    Status.CLOSED: "Closed",
    Status.WITHDRAWN: "Withdrawn",
}


@dataclass
class Moment:
    """One point of the timeline: a time, or a date in words where no time is known."""

    title: str
    at: object = None
    words: str = ""
    detail: str = ""
    css: str = ""


def timeline(case):
    """What happened to the case in order of time, from its occurrence to its latest status. One query."""
    moments = []
    if case.occurred_from:
        moments.append(Moment("It happened", words=case.occurred, css="origin"))
    if case.detected_at:
        moments.append(Moment("Detected", at=case.detected_at))
    moments.append(Moment(f"Logged by {case.reporter.name}", at=case.created_at))
    before = Status.DRAFT
    rows = case.events.order_by("pgh_id").values_list("status", "pgh_created_at", "pgh_context__metadata")
    for status, at, signature in rows:
        if status != before:
            detail = (signature or {}).get("reason", "")
            moments.append(Moment(milestone(before, status), at=at, detail=detail, css=finished(status)))
        before = status
    return moments


def milestone(before, status):
    if status == Status.ANALYSIS and before == Status.REVIEW:
        return "Returned to analysis"
    if status == Status.ANALYSIS and before in (Status.CLOSED, Status.WITHDRAWN):
        return "Reopened"
    return MILESTONES.get(status, status)


def finished(status):
    return "done" if status == Status.CLOSED else ""
