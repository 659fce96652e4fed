"""One case for taking along: the printed page, and the pieces of the Markdown file."""

from django.utils import timezone

from registry.blind import is_blind, seen_classifications
from registry.choices import TEMPLATE_FIELDS, EvidenceKind
from registry.exchange.one_case import address, as_markdown, inline, listed, paired, tabled, written
from registry.web import case_page
from registry.web.evidence_page import counted, evidence_of
from registry.web.foresight import lead_time
from registry.web.history import PER_PAGE, history_of
from registry.web.templatetags.registry_ui import day, status_words
from registry.web.timeline import timeline


def print_context(person, case, *, at):
    """What the case page shows of the case itself to `person`, when it was printed and by whom."""
    blind = is_blind(person, case)
    seen = list(seen_classifications(person).filter(case=case).select_related("node__scheme", "decided_by"))
    labels = case_page.labels_of(person, case)
    entries, older = history_of(case, reader=person, blind=blind, limit=PER_PAGE)
    evidence = evidence_of(case.evidence)
    return {
        "case": case,
        "facts": case_page.facts_of(case),
        "gap": case_page.gap_of(case, seen),
        "analysis": case_page.analysis_of(case),
        "lead_time": lead_time(case),
        "n_written": sum(bool(getattr(case, name).strip()) for name in TEMPLATE_FIELDS),
        "labels": case_page.label_table(labels, seen, case_page.decisions_of(case, blind)),
        "raters": case_page.raters_of(labels),
        "n_other_raters": case_page.other_raters(person, case) if blind else 0,
        "moments": timeline(case),
        "evidence": evidence,
        "counted": counted(evidence),
        "sources": case.case_sources.select_related("source").order_by("pk"),
        "external": case.external_ids.order_by("source", "value"),
        "entries": entries,
        "older": older,
        "citation": case_page.citation(case),
        "printed_at": at,
        "printed_by": person,
    }


def markdown_of(person, case, *, at):
    shown = print_context(person, case, at=at)
    return as_markdown(
        title=f"{case.reference} {case.title}",
        lines=[
            ("Status", inline(status_words(case.status))),
            ("Potential severity", inline(case.potential_severity or "")),
            ("Realised severity", inline(case.realised_severity or "")),
            ("Who may see it", inline(case.get_visibility_display())),
            ("Owner", inline(case.owner or "")),
            ("Address", inline(shown["citation"])),
            ("Taken", inline(f"{when(at)} by {person.name}")),
        ],
        sections=[
            ("Facts", [paired((name, inline(value)) for name, value in shown["facts"])]),
            ("Analysis", texts_of(case, shown)),
            ("Labels", labels_of(shown)),
            ("Timeline", [listed(moment_line(moment) for moment in shown["moments"])]),
            ("Evidence", [block for row in shown["evidence"] for block in evidence_blocks(row)]),
            ("Sources", sources_of(shown)),
            ("History", [listed(entry_line(entry) for entry in shown["entries"])]),
        ],
    )


def texts_of(case, shown):
    named = [(row["label"], row["text"]) for row in shown["analysis"]]
    named += [
        ("Why this potential severity", case.potential_rationale),
        ("Why this realised severity", case.realised_rationale),
        ("Why it could or could not be predicted", case.predictability_reason),
        ("The earlier warning", "\n\n".join(filter(None, (case.warning_url, shown["lead_time"])))),
    ]
    return [written(name, text) for name, text in named if text.strip()]


def labels_of(shown):
    raters = shown["raters"]
    rows = [
        [
            inline(f"{row['node'].scheme.name}: {row['node'].name}"),
            *(stance_words(label) for label in row["said"]),
            agreed_words(row),
        ]
        for row in shown["labels"]
    ]
    heads = ["Label", *(inline(rater.name) for rater in raters), "Agreed"]
    blind = (
        ["Other raters labelled this case; what they said is open to whoever submits a rating of their own."]
        if shown["n_other_raters"]
        else []
    )
    grounds = [
        written(f"{row['node'].name}, by {label.rater.name}", "\n\n".join(filter(None, (label.rationale, label.quote))))
        for row in shown["labels"]
        for label in row["said"]
        if label and (label.rationale or label.quote)
    ]
    return [*blind, *([tabled(heads, rows)] if rows else []), *grounds]


def agreed_words(row):
    """How it was agreed and by whom; or that it was decided not to apply."""
    agreed, decision = row["agreed"], row["decision"]
    if agreed is None and decision is None:
        return "not submitted" if row["held"] else "not agreed"
    words = agreed.get_method_display().lower() if agreed else "decided: does not apply"
    told = agreed or decision
    by = f" by {told.decided_by.name}, {told.decided_at:%-d %b %Y}" if told.decided_by else ""
    return inline(f"{words}{by}{f': {decision.reason}' if decision else ''}")


def stance_words(label):
    if label is None:
        return "not rated"
    confidence = "" if label.confidence is None else f" {label.confidence}"
    return inline(f"{label.get_stance_display().lower()}{confidence}, {label.get_grounds_display().lower()}")


def evidence_blocks(row):
    line = f"- **{inline(row.title)}**: {inline(row.words)}, SHA-256 `{row.sha256}`, added {inline(when(row.added_at))}"
    line += f" by {inline(row.added_by.name)}"
    return [line, written(row.title, row.note)] if row.kind == EvidenceKind.NOTE else [line]


def sources_of(shown):
    lines = []
    for row in shown["sources"]:
        source = row.source
        facts = [source.publisher, day(source.published_on), f"{source.get_kind_display().lower()} source"]
        facts += [] if source.verification == "seen" else ["not seen by us"]
        link = f" {address(source.url)}" if source.url else ""
        lines.append(f"{inline(source.title)} ({inline(', '.join(filter(None, facts)))}){link}")
    lines += [
        f"{inline(row.source.upper())} {inline(row.value)} {address(row.url) if row.url else ''}".strip()
        for row in shown["external"]
    ]
    return [listed(lines)] if lines else []


def moment_line(moment):
    detail = f": {moment.detail}" if moment.detail else ""
    return inline(f"{when(moment.at) if moment.at else moment.words}, {moment.title}{detail}")


def entry_line(entry):
    reason = f", because: {entry.reason}" if entry.reason else ""
    return inline(f"{when(entry.at)}, {entry.person} {entry.did}{reason}")


def when(at):
    local = timezone.localtime(at)
    return f"{local:%-d %b %Y, %H:%M} {local.tzname()}"
