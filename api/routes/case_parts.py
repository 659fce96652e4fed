"""What stands beside a case: safeguards, evidence, sources, comments, links, merges, decisions, history."""

from api.routing import KEY, NUMBER, REFERENCE, route
from api.views import (
    comments,
    decisions,
    evidence,
    history,
    links,
    merges,
    owning,
    ratings,
    safeguards,
    sources,
    watching,
)

OTHER = r"(?P<other>[A-Za-z0-9-]{1,24})"
CASE = rf"cases/{REFERENCE}"

routes = [
    route(f"{CASE}/claim", owning.ClaimCase, "case-claim"),
    route(f"{CASE}/release", owning.ReleaseCase, "case-release"),
    route(f"{CASE}/assign", owning.AssignCase, "case-assign"),
    route(f"{CASE}/due", owning.DueCase, "case-due"),
    route(f"{CASE}/checklist", owning.Checklist, "case-checklist"),
    route(f"{CASE}/watch", watching.Watch, "case-watch"),
    route(f"{CASE}/safeguards", safeguards.CaseSafeguards, "case-safeguards"),
    route(f"{CASE}/safeguards/{KEY}", safeguards.OneSafeguard, "case-safeguard"),
    route(f"{CASE}/evidence", evidence.CaseEvidence, "case-evidence"),
    route(f"evidence/{NUMBER}", evidence.OneEvidence, "evidence"),
    route(f"evidence/{NUMBER}/restore", evidence.RestoreEvidence, "evidence-restore"),
    route(f"evidence/{NUMBER}/file", evidence.EvidenceFile, "evidence-file"),
    route("sources", sources.SourceList, "source-list"),
    route(f"sources/{NUMBER}", sources.OneSource, "source"),
    route(f"{CASE}/comments", comments.CaseComments, "case-comments"),
    route(f"comments/{NUMBER}", comments.OneComment, "comment"),
    route(f"comments/{NUMBER}/resolve", comments.ResolveThread, "comment-resolve"),
    route(f"comments/{NUMBER}/reopen", comments.ReopenThread, "comment-reopen"),
    route(f"{CASE}/links", links.CaseLinks, "case-links"),
    route(f"{CASE}/links/{OTHER}", links.OneLink, "case-link"),
    route(f"{CASE}/similar", links.SimilarCases, "case-similar"),
    route(f"{CASE}/merges", merges.CaseMerges, "case-merges"),
    route(f"{CASE}/merges/preview/{OTHER}", merges.MergePreview, "case-merge-preview"),
    route(f"{CASE}/merges/{NUMBER}", merges.OneMerge, "case-merge"),
    route(f"{CASE}/merges/{NUMBER}/take-back", merges.TakeBackMerge, "case-merge-take-back"),
    route(f"{CASE}/classifications", decisions.CaseClassifications, "case-classifications"),
    route(f"{CASE}/adjudications", decisions.CaseAdjudications, "case-adjudications"),
    route(f"{CASE}/adjudications/{KEY}", decisions.OneAdjudication, "case-adjudication"),
    route(f"{CASE}/adjudications/{KEY}/withdraw", decisions.WithdrawAdjudication, "case-adjudication-withdraw"),
    route(f"{CASE}/ratings", ratings.CaseRatings, "case-ratings"),
    route(f"{CASE}/rating", ratings.OwnRating, "case-rating"),
    route(f"{CASE}/rating/submit", ratings.SubmitRating, "case-rating-submit"),
    route(f"{CASE}/rating/aside", ratings.StandAside, "case-rating-aside"),
    route(f"{CASE}/history", history.CaseHistory, "case-history"),
    route(f"{CASE}/versions/{NUMBER}", history.CaseVersion, "case-version"),
    route(f"{CASE}/restore", history.RestoreField, "case-restore"),
]
