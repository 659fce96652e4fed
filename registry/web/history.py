"""What happened to one case in words: who changed which field when and why, newest first."""

from dataclasses import dataclass, field

from registry.history.reading import happenings
from registry.web.history_tables import WORDS
from registry.web.history_words import field_changes, meanings_of

PER_PAGE = 50


@dataclass
class Entry:
    """One thing somebody did, with everything it changed."""

    at: object
    person: str
    did: str
    reason: str = ""
    changes: list = field(default_factory=list)


def history_of(case, *, reader, blind, before=None, limit=PER_PAGE):
    """(entries, whether there are older ones), as far as `reader` may know; see `happenings`.

    `before` is a time: only what happened earlier. All changes of one transaction are one entry.
    """
    beyond = (before, "") if before else None
    found = happenings(case, reader=reader, blind=blind, limit=limit + 1, beyond=beyond)
    shown = found[:limit]
    meanings = meanings_of([each.rows for each in shown])
    return [entry(each, meanings) for each in shown], len(found) > limit


DID = {
    "log_case": "logged the case",
    "log_at_once": "logged the case",
    "submit_draft": "logged the case",
    "edit_case": "changed",
    "submit_case": "submitted it for triage",
    "claim_case": "took it on",
    "release_case": "let go of it",
    "assign_case": "changed",
    "set_due": "changed",
    "accept_case": "accepted it for analysis",
    "request_review": "asked for review",
    "approve_case": "approved and closed it",
    "return_to_analysis": "returned it to analysis",
    "withdraw_case": "withdrew it",
    "reopen_case": "reopened it",
    "label_case": "labelled",
    "take_back_label": "took a label back",
    "submit_rating": "submitted a rating",
    "stand_aside": "stood aside to decide between the raters",
    "adjudicate_label": "decided between the raters",
    "adjudicate_labels": "decided between the raters",
    "withdraw_adjudication": "took a decision back",
    "answer": "said how it stands to another case",
    "take_back": "took back how it stands to another case",
    "merge_cases": "merged two cases",
    "unmerge_cases": "took a merge back",
    "add_evidence": "added evidence",
    "remove_evidence": "removed evidence",
    "restore_evidence": "brought evidence back",
    "restore_field": "restored",
    "import_ratings": "brought ratings in",
    "none_applies": "said that no other label applies",
    "set_safeguards": "recorded safeguards",
    "propose_mitigation": "proposed a mitigation",
    "change_mitigation": "changed a mitigation",
    "answer_case": "tied a mitigation to it",
    "leave_case": "took a mitigation off it",
    "accept_debt": "accepted its debt",
    "end_acceptance": "ended the acceptance of its debt",
    "add_comment": "commented",
    "edit_comment": "changed a comment",
    "remove_comment": "removed a comment",
    "resolve_thread": "resolved a thread",
}
# What these did is named by what they changed.
NAMED = frozenset({"changed", "restored"})


def entry(happening, meanings):
    signature = happening.signature
    changes = [change for row in happening.rows for change in changes_of(row, meanings)]
    did = DID.get(signature.get("action"), "")
    if not did:
        inserted = any(row["thing"] == "case" and row["pgh_label"] == "insert" for row in happening.rows)
        did = "brought the case in" if inserted else "changed"
    names = [change.name for change in changes]
    if did in NAMED and names:
        did = f"{did} {in_line(names)}"
    return Entry(happening.at, happening.person or "The registry", did, signature.get("reason", ""), changes)


def in_line(names):
    names = list(dict.fromkeys(name.lower() for name in names))
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def changes_of(row, meanings):
    return field_changes(row, meanings) if row["thing"] == "case" else [WORDS[row["thing"]](row)]
