"""The parts of an AVID record that have no field of their own in a case, as a Markdown list for its context."""

from collections.abc import Iterator
from typing import Any

from .avid_fields import mapping, objects, text_at, texts
from .wording import MAX_SOURCE_TITLE, clean_line, clean_text, web_address

MAX_MEASURES = 40


def context_of(record: dict) -> str:
    """One item for each thing the record says beyond a case's fields; things it leaves empty are left out."""
    impact = mapping(record, "impact")
    items = [
        ("Class", _class(mapping(record, "problemtype"))),
        *_avid(mapping(impact, "avid", "impact.avid")),
        ("CVSS", _cvss(mapping(impact, "cvss", "impact.cvss"))),
        ("Weaknesses", _weaknesses(impact)),
        *_odin(mapping(impact, "odin", "impact.odin")),
        ("Data sets", _datasets(mapping(record, "affects"))),
        ("Measured", _measured(record)),
        ("Reports", _listed(record, "reports", "report_id")),
        ("References", _other_references(record)),
        ("Credit", _listed(record, "credit", "value")),
    ]
    lines = [f"- {name}: {clean_line(text, 'context')}" for name, text in items if text.strip()]
    return clean_text("\n".join(lines), "context")


def _class(problem: dict) -> str:
    parts = [text_at(problem, key, f"problemtype.{key}") for key in ("classof", "type")]
    return ", ".join(part for part in parts if part)


def _avid(avid: dict) -> Iterator[tuple[str, str]]:
    for name, key in (("Risk domains", "risk_domain"), ("Effects", "sep_view"), ("Life cycle", "lifecycle_view")):
        yield name, "; ".join(texts(avid, key, f"impact.avid.{key}"))
    yield "Vulnerability", text_at(avid, "vuln_id", "impact.avid.vuln_id")


def _cvss(cvss: dict) -> str:
    parts = [_shown(cvss.get(key)) for key in ("baseScore", "baseSeverity", "vectorString")]
    return ", ".join(part for part in parts if part)


def _odin(odin: dict) -> Iterator[tuple[str, str]]:
    yield "Social impact", text_at(odin, "SocialImpactScore", "impact.odin.SocialImpactScore")
    tactics = objects(odin, "JailbreakTaxonomy", "impact.odin.JailbreakTaxonomy")
    named = (" / ".join(_shown(tactic.get(key)) for key in ("Category", "Strategy", "Technique")) for tactic in tactics)
    yield "Jailbreak", "; ".join(named)


def _weaknesses(impact: dict) -> str:
    entries = objects(impact, "cwe", "impact.cwe")
    return "; ".join(_shown(entry.get("description") or entry.get("cweId")) for entry in entries)


def _datasets(affects: dict) -> str:
    artifacts = objects(affects, "artifacts", "affects.artifacts")
    return ", ".join(_shown(item.get("name")) for item in artifacts if item.get("type") == "Dataset")


def _measured(record: dict) -> str:
    measures = [text for metric in objects(record, "metrics", "metrics") for text in _measures(metric) if text]
    if len(measures) > MAX_MEASURES:
        measures = [*measures[:MAX_MEASURES], f"and {len(measures) - MAX_MEASURES} more"]
    return "; ".join(measures)


def _measures(metric: dict) -> Iterator[str]:
    method = mapping(metric, "detection_method", "metrics.detection_method")
    named = [metric.get("name"), metric.get("metrics"), metric.get("scorer"), method.get("name"), metric.get("value")]
    yield " ".join(part for part in map(_shown, named) if part)
    results = metric.get("results")
    if not isinstance(results, dict):
        return
    for row in _rows(results, "rows"):
        detector, passed, total = (_shown(row.get(key)) for key in ("detector", "passed", "total_evaluated"))
        yield f"{detector} {passed} of {total} passed"
    for row in _rows(results, "Test Scores"):
        model, test, score = (_shown(row.get(key)) for key in ("Model", "Test Kind", "Test Score"))
        yield f"{model}, {test}: {score}"


def _rows(results: dict, key: str) -> list[dict]:
    rows = results.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _listed(record: dict, key: str, part: str) -> str:
    return "; ".join(text_at(item, part, f"{key}.{part}") for item in objects(record, key, key))


def _other_references(record: dict) -> str:
    """References the registry cannot link: no address, a path, a file on somebody's machine."""
    found = []
    for reference in objects(record, "references", "references"):
        url = text_at(reference, "url", "references.url").strip()
        label = text_at(reference, "label", "references.label").strip()
        if not web_address(url):
            found.append(f"{label} ({url})" if label and url else label or url)
        elif len(label) > MAX_SOURCE_TITLE:
            found.append(label)
    return "; ".join(text for text in found if text)


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
