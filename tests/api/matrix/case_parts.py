"""What stands beside a case."""

from registry.actions import evidence, merges
from registry.choices import Visibility
from registry.models import Case, CaseSource, Source
from tests.analysed import comment
from tests.api.matrix.rows import ALL, GONE, OWN, REASON, RESTRICTED, Made, Row
from tests.factories import NOW, make_case, make_person

ANALYSTS = (403, 403, 200, 200, 200)
MADE, LEFT = (201,) * 5, (204,) * 5
SELF_TOO = (403, 200, 200, 200, 200)
REFUSED = (403, 403, 409, 409, 409)
BLIND = (403, 403, 403, 409, 409)


def of_case(name, method, address, statuses, *others, **options):
    """A row about a case: the statuses for one's own, and for another's where they differ."""
    row = Row(f"api-case-{name}", method, f"cases/{{case}}/{address}/", **options)
    return {row: (statuses, *(others or (statuses,)), GONE)}


def of_thing(name, method, address, statuses, *others, **options):
    return {Row(f"api-{name}", method, f"{address}/", **options): (statuses, *(others or (statuses,)), GONE)}


SAFEGUARD, NOTE = '{"deployed": "yes"}', '{"kind": "note", "note": "The log says so."}'
DECISION = '{"decisions": [{"node": "colours:red", "applies": true, "reason": "x"}]}'

ABOUT_A_CASE = {
    **of_case("claim", "POST", "claim", ANALYSTS),
    **of_case("release", "POST", "release", REFUSED),
    **of_case("assign", "POST", "assign", ANALYSTS, body='{"owner": "keeper"}'),
    **of_case("due", "POST", "due", ANALYSTS, body='{"due_on": null}'),
    **of_case("checklist", "GET", "checklist", ALL),
    **of_case("watch", "GET", "watch", ALL),
    **of_case("watch", "PUT", "watch", ALL, match=None),
    **of_case("watch", "DELETE", "watch", LEFT, match=None),
    **of_case("safeguards", "GET", "safeguards", ALL),
    **of_case("safeguard", "GET", "safeguards/technique:rlhf", GONE),
    **of_case(
        "safeguard",
        "PUT",
        "safeguards/technique:rlhf",
        (403, *MADE[1:]),
        (403, 403, *MADE[2:]),
        body=SAFEGUARD,
        match=None,
    ),
    **of_case("safeguard", "DELETE", "safeguards/technique:rlhf", (403, *GONE[1:]), (403, 403, *GONE[2:])),
    **of_case("evidence", "GET", "evidence", ALL),
    **of_case("evidence", "POST", "evidence", (403, *MADE[1:]), (403, 403, *MADE[2:]), body=NOTE, match=None),
    **of_case("comments", "GET", "comments", ALL),
    **of_case("comments", "POST", "comments", MADE, body='{"text": "Was it the grader?"}', match=None),
    **of_case("links", "GET", "links", ALL),
    **of_case("link", "GET", "links/{another}", GONE),
    **of_case("link", "PUT", "links/{another}", SELF_TOO, ANALYSTS, body='{"kind": "related"}', match=None),
    **of_case("link", "DELETE", "links/{another}", (403, *LEFT[1:]), (403, 403, *LEFT[2:]), match=None),
    **of_case("similar", "GET", "similar", ALL),
    **of_case("merges", "GET", "merges", ALL),
    **of_case("merges", "POST", "merges", (403, 403, 400, 400, 400), body='{"merged": "AIR-0", "reason": "x"}'),
    **of_case("merge-preview", "GET", "merges/preview/{another}", ANALYSTS),
    **of_case("classifications", "GET", "classifications", ALL),
    **of_case("adjudications", "GET", "adjudications", ALL),
    **of_case("adjudications", "POST", "adjudications", BLIND, body=DECISION, match=None),
    **of_case("adjudication", "GET", "adjudications/colours:red", GONE),
    **of_case("adjudication-withdraw", "POST", "adjudications/colours:red/withdraw", BLIND, body=REASON, match=None),
    **of_case("ratings", "GET", "ratings", ALL),
    **of_case("rating", "GET", "rating", ALL),
    **of_case("rating-submit", "POST", "rating/submit", ANALYSTS, body='{"schemes": ["goodhart"]}'),
    **of_case("rating-aside", "POST", "rating/aside", ANALYSTS, match=None),
    **of_case("history", "GET", "history", ALL),
    **of_case("version", "GET", "versions/1", ALL),
    **of_case(
        "restore",
        "POST",
        "restore",
        (403, 400, 400, 400, 400),
        (403, 403, 400, 400, 400),
        body='{"event": 1099511627776, "field": "root_cause"}',
    ),
}
ABOUT_A_THING = {
    **of_thing("evidence", "GET", "evidence/{evidence}", ALL),
    **of_thing("evidence", "DELETE", "evidence/{evidence}", (403, *LEFT[1:]), (403, 403, *LEFT[2:]), match=None),
    **of_thing("evidence-restore", "POST", "evidence/{removed_evidence}/restore", SELF_TOO, ANALYSTS, match=None),
    **of_thing("evidence-file", "GET", "evidence/{evidence}/file", ALL),
    **of_thing("source", "GET", "sources/{source}", ALL),
    **of_thing("source", "PATCH", "sources/{source}", ANALYSTS, body='{"publisher": "x"}'),
    **of_thing("comment", "GET", "comments/{comment}", ALL),
    **of_thing("comment", "PATCH", "comments/{comment}", ALL, (403,) * 5, body='{"text": "Or the test?"}'),
    **of_thing("comment", "DELETE", "comments/{comment}", LEFT, (403, 403, 403, 204, 204)),
    **of_thing("comment-resolve", "POST", "comments/{comment}/resolve", ALL, ANALYSTS),
    **of_thing("comment-reopen", "POST", "comments/{comment}/reopen", ALL, ANALYSTS),
    **of_thing("case-merge", "GET", "cases/{kept}/merges/{merge}", ALL),
    **of_thing("case-merge-take-back", "POST", "cases/{kept}/merges/{merge}/take-back", ANALYSTS, body=REASON),
}
ELSEWHERE = {Row("api-source-list", "GET", "sources/"): ALL}


def things(whose, caller, case):
    """What stands beside a case of the caller, of somebody else, or for named people only; and another open case."""
    visibility = Visibility.NAMED if whose == RESTRICTED else Visibility.EVERYONE
    made = {}

    def case_of(keeper=None):
        return make_case(reporter=caller if whose == OWN else keeper, visibility=visibility)

    def evidence_of(*, removed):
        keeper, about = make_person(), case_of()
        Case.objects.filter(pk=about.pk).update(owner=keeper)
        row = evidence.add_note(case=about, by=keeper, at=NOW, note="The log says so.")
        return (evidence.remove_evidence(evidence=row, by=keeper, at=NOW) if removed else row).pk

    def source_of():
        source = Source.objects.create(title="A report")
        CaseSource.objects.create(case=case_of(), source=source)
        return source.pk

    def kept():
        keeper = make_person()
        made["kept"], merged = case_of(keeper), case_of(keeper)
        made["merge"] = merges.merge_cases(kept=made["kept"], merged=merged, by=keeper, at=NOW, reason="The same.")
        return made["kept"].reference

    return {
        "another": Made(lambda: make_case().reference),
        "evidence": Made(lambda: evidence_of(removed=False)),
        "removed_evidence": Made(lambda: evidence_of(removed=True)),
        "source": Made(source_of),
        "comment": Made(lambda: comment(case=case_of(), author=caller if whose == OWN else make_person()).pk),
        "kept": Made(kept),
        "merge": Made(lambda: made["merge"].pk),
    }
