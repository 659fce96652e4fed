"""What is stored: one thing per file."""

from registry.models.agreement import AgreementRun, AgreementScore, Confusion, RaterPair
from registry.models.bulk import BulkChange, BulkChangeRow
from registry.models.case import Case, CaseParty, CaseReader, CaseSource, CaseSystem, EventGroup
from registry.models.change import Change
from registry.models.comment import Comment, CommentMention
from registry.models.counted_range import CountedRange, RangeMark
from registry.models.debt import DebtAcceptance
from registry.models.digest import Digest
from registry.models.draft import Draft, DraftEditor
from registry.models.evidence import Evidence
from registry.models.exposure import Exposure
from registry.models.external_id import ExternalId
from registry.models.job import Job
from registry.models.label import Adjudication, Classification, Label, RatedScheme, Rating
from registry.models.link import CaseLink, CaseMerge
from registry.models.mitigation import Mitigation, MitigationCase
from registry.models.notification import CaseWatch, Notification
from registry.models.party import Organisation, OrganisationAlias, System, SystemAlias
from registry.models.pattern import (
    PatternNode,
    PatternPair,
    PatternRun,
    PatternSplit,
    PatternTrend,
    Population,
)
from registry.models.pattern_safeguard import PatternExposure, PatternForesight, PatternLayers, PatternMiss
from registry.models.people import Person, Team, TeamMember
from registry.models.relabel import Relabel, TaxonomyChange
from registry.models.safeguard import Safeguard
from registry.models.source import Source
from registry.models.subscription import Subscription
from registry.models.view import SavedView
from registry.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "Adjudication",
    "AgreementRun",
    "AgreementScore",
    "BulkChange",
    "BulkChangeRow",
    "Case",
    "CaseLink",
    "CaseMerge",
    "CaseParty",
    "CaseReader",
    "CaseSource",
    "CaseSystem",
    "CaseWatch",
    "Change",
    "Classification",
    "Comment",
    "CommentMention",
    "Confusion",
    "CountedRange",
    "DebtAcceptance",
    "Digest",
    "Draft",
    "DraftEditor",
    "EventGroup",
    "Evidence",
    "Exposure",
    "ExternalId",
    "Job",
    "Label",
    "Mitigation",
    "MitigationCase",
    "Notification",
    "Organisation",
    "OrganisationAlias",
    "PatternExposure",
    "PatternForesight",
    "PatternLayers",
    "PatternMiss",
    "PatternNode",
    "PatternPair",
    "PatternRun",
    "PatternSplit",
    "PatternTrend",
    "Person",
    "Population",
    "RangeMark",
    "RatedScheme",
    "RaterPair",
    "Rating",
    "Relabel",
    "Safeguard",
    "SavedView",
    "Source",
    "Subscription",
    "System",
    "SystemAlias",
    "TaxonomyChange",
    "Team",
    "TeamMember",
    "Webhook",
    "WebhookDelivery",
]
