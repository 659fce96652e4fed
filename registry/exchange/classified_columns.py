"""The columns of the AI Incident Database's classification files that are read, and the schemes they become.

Only CSET's labels of version 1 are known beforehand, with definitions in our own words; the others are named by the
file itself, which is share-alike and not ours to ship.
"""

from dataclasses import dataclass, field

from .cset_columns import CHOICES, ImportedScheme


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """One column of labels.

    cells     what its cells may say, in lower case, and the slug of the term that means
    is_open   whether other labels than those of `cells` are taken as they come
    within    the column that names the term above this one's, in the same scheme
    silent    texts that say nothing, in lower case
    """

    column: str
    scheme: ImportedScheme
    cells: dict[str, str] = field(default_factory=dict)
    is_open: bool = True
    within: str = ""
    silent: tuple[str, ...] = ()


UNCLEAR = ("unclear", "unclear/unknown", "unknown/unclear")


def _open(column, slug, name, description, *known, several=False, within=""):
    """`known` are labels that hold a comma; the same slug is made of them as of any label."""
    scheme = ImportedScheme(slug, name, description, several, ())
    cells = {text.lower(): "-".join(text.lower().replace(",", "").split()) for text in known}
    return LabelColumn(column, scheme, cells, within=within, silent=UNCLEAR if several else ())


DOMAIN = ("aiid-mit-domain", "AIID, MIT: risk domain", "What kind of risk the incident is of, in two levels.")
MIT = (
    _open("Risk Domain", *DOMAIN),
    _open("Risk Subdomain", *DOMAIN, within="Risk Domain"),
    _open("Entity", "aiid-mit-entity", "AIID, MIT: entity", "Who or what is said to have caused the harm."),
    _open("Timing", "aiid-mit-timing", "AIID, MIT: timing", "Whether it happened before or after deployment."),
    _open("Intent", "aiid-mit-intent", "AIID, MIT: intent", "Whether the outcome was wanted by what caused it."),
)
GMF = tuple(
    _open(
        f"{certainty} {subject}",
        f"aiid-gmf-{certainty.lower()}-{slug}",
        f"AIID, GMF: {certainty.lower()} {words}",
        f"{description} {'The reports say so' if certainty == 'Known' else 'The coder thinks it likely'}.",
        several=True,
    )
    for subject, slug, words, description in (
        ("AI Goal", "goal", "goal", "What the system was to do."),
        ("AI Technology", "technology", "technology", "The methods in the system."),
        ("AI Technical Failure", "failure", "technical failure", "What went wrong technically."),
    )
    for certainty in ("Known", "Potential")
)
CSET_V0 = (
    _open("Near Miss", "aiid-cset-v0-near-miss", "AIID, CSET v0: near miss", "Whether harm was done or averted."),
    _open("Severity", "aiid-cset-v0-severity", "AIID, CSET v0: severity", "How bad the harm was."),
    _open("Intent", "aiid-cset-v0-intent", "AIID, CSET v0: intent", "Whether the harm was meant."),
    _open("Level of Autonomy", "aiid-cset-v0-autonomy", "AIID, CSET v0: autonomy", "How much it decides by itself."),
    _open("Harm Type", "aiid-cset-v0-harm", "AIID, CSET v0: type of harm", "What was harmed.", several=True),
    _open(
        "Problem Nature", "aiid-cset-v0-problem", "AIID, CSET v0: problem", "What kind of failure it was.", several=True
    ),
    _open(
        "Sector of Deployment",
        "aiid-cset-v0-sector",
        "AIID, CSET v0: sector",
        "The part of the economy in which the system was used.",
        "Arts, entertainment and recreation",
        "Professional, scientific and technical activities",
        "Agriculture, forestry and fishing",
        "Electricity, gas, steam and air conditioning supply",
        "Water supply, sewerage, waste management and remediation activities",
        several=True,
    ),
)
CSET_V1 = tuple(
    LabelColumn(
        choice.column,
        choice.scheme,
        choice.cells,
        is_open=False,
        silent=UNCLEAR if choice.scheme.allows_several else (),
    )
    for choice in CHOICES
)
FORMATS = {"mit": MIT, "gmf": GMF, "csetv0": CSET_V0, "csetv1": CSET_V1}
NAMESPACES = {"mit": "MIT", "gmf": "GMF", "csetv0": "CSETv0", "csetv1": "CSETv1"}
# CSET's export names this column twice, with the same values; the first stands.
REPEATED = ("AI System",)
