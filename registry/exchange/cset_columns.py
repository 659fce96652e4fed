"""The columns of a CSET v1 file that are read, and the schemes they become. The definitions are our own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One node: its slug, its name, what it means."""

    slug: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class ImportedScheme:
    """One scheme of imported ratings. Where it does not allow several, its terms are one exclusive choice."""

    slug: str
    name: str
    description: str
    allows_several: bool
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ChoiceColumn:
    """One column whose cells name terms of one scheme: `cells` says which, by the cell's text in lower case."""

    column: str
    scheme: ImportedScheme
    cells: dict[str, str]


def _choice(column, slug, name, description, *terms, several=False):
    """`terms` are (text of the cell, slug, name, definition)."""
    scheme = ImportedScheme(slug, name, description, several, tuple(Term(*term[1:]) for term in terms))
    return ChoiceColumn(column, scheme, {cell.lower(): slug for cell, slug, *_ in terms})


UNCLEAR = ("unclear", "unclear", "Cannot be told", "The reports do not say enough to choose.")

CHOICES = (
    _choice(
        "AI Harm Level", "cset-v1-ai-harm-level", "CSET v1: harm level",
        "How near a tangible harm that is owed to an AI system came to happening.",
        ("AI tangible harm event", "event", "Harm happened", "Somebody or something was tangibly harmed by the AI."),
        ("AI tangible harm near-miss", "near-miss", "Near miss", "Tangible harm by the AI was close and was averted."),
        ("AI tangible harm issue", "issue", "Possible harm", "Tangible harm by the AI could follow, though not soon."),
        ("none", "none", "No tangible harm by AI", "No tangible harm that the AI brought about, or might soon."),
        UNCLEAR,
    ),
    _choice(
        "Tangible Harm", "cset-v1-tangible-harm", "CSET v1: tangible harm",
        "Whether anything that can be seen and measured was damaged, whatever the cause.",
        ("tangible harm definitively occurred", "occurred", "Occurred", "Damage is known to have been done."),
        ("imminent risk of tangible harm (near miss) did occur", "near-miss", "Near miss",
         "Damage was about to happen and did not."),
        ("non-imminent risk of tangible harm (an issue) occurred", "issue", "Risk, not imminent",
         "Damage might happen some day if nothing changes."),
        ("no tangible harm, near-miss, or issue", "none", "None", "Neither damage nor a risk of it."),
        UNCLEAR,
    ),
    _choice(
        "Autonomy Level", "cset-v1-autonomy", "CSET v1: autonomy", "How much the system decides without a person.",
        ("Autonomy1", "by-itself", "Acts by itself", "It acts without anybody having to agree."),
        ("Autonomy2", "watched", "Acts, watched", "It acts while a person watches and may step in."),
        ("Autonomy3", "advises", "Advises", "It informs or proposes; a person acts."),
        UNCLEAR,
    ),
    _choice(
        "Intentional Harm", "cset-v1-intent", "CSET v1: intended harm",
        "Whether the system was built to do harm.",
        ("No. Not intentionally designed to perform harm", "not-meant", "Not meant", "It was not built to harm."),
        ("Yes. Intentionally designed to perform harm and did create intended harm", "meant", "Meant, and done",
         "It was built to harm and did the harm it was built for."),
        ("Yes. Intentionally designed to perform harm but created an unintended harm (a different harm may have "
         "occurred)", "meant-otherwise", "Meant otherwise", "It was built to harm and did another harm."),
        UNCLEAR,
    ),
    _choice(
        "Sector of Deployment", "cset-v1-sector", "CSET v1: sector",
        "The part of the economy in which the system was used; several may apply.",
        ("information and communication", "information", "Information and communication",
         "Media, software, telecommunication and online platforms."),
        ("transportation and storage", "transport", "Transport and storage", "Moving and keeping people and goods."),
        ("law enforcement", "law-enforcement", "Law enforcement", "Police, prosecution and prisons."),
        ("human health and social work activities", "health", "Health and social work", "Care for people."),
        ("wholesale and retail trade", "trade", "Trade", "Buying and selling goods."),
        ("Arts, entertainment and recreation", "arts", "Arts and recreation", "Culture, games, sport and leisure."),
        ("Education", "education", "Education", "Schools, universities and training."),
        ("professional, scientific and technical activities", "professional", "Professional and scientific",
         "Research, law, engineering, advertising and the like."),
        ("financial and insurance activities", "finance", "Finance and insurance", "Banks, credit and insurance."),
        ("other", "other", "Another sector", "A sector that is not in this list."),
        ("administrative and support service activities", "support", "Support services",
         "Hiring, security, travel and office services for others."),
        ("accommodation and food service activities", "hospitality", "Hotels and food", "Lodging and meals."),
        ("public administration", "administration", "Public administration", "Government and its offices."),
        ("defense", "defence", "Defence", "Armed forces and what they use."),
        ("manufacturing", "manufacturing", "Manufacturing", "Making goods."),
        several=True,
    ),
)  # fmt: skip

# Yes is present, no is absent, maybe is unsure; an empty cell is no answer.
QUESTIONS = {
    "Physical Objects": Term("physical-objects", "Physical objects", "The system moved or touched things."),
    "Entertainment Industry": Term("entertainment", "Entertainment", "It happened in the entertainment business."),
    "Report, Test, or Study of data": Term("study", "Report or study", "A study or test brought it up, not use."),
    "Deployed": Term("deployed", "Deployed", "The system was in use when it happened."),
    "Producer Test in Controlled Conditions": Term(
        "producer-test-controlled", "Maker's test, controlled", "Its maker tried it where all was under control."
    ),
    "Producer Test in Operational Conditions": Term(
        "producer-test-operational", "Maker's test, in the field", "Its maker tried it where it was to be used."
    ),
    "User Test in Controlled Conditions": Term(
        "user-test-controlled", "User's test, controlled", "A user tried it where all was under control."
    ),
    "User Test in Operational Conditions": Term(
        "user-test-operational", "User's test, in the field", "A user tried it where it was to be used."
    ),
    "Harm Domain": Term("harm-domain", "Setting fit for harm", "It happened where tangible harm is possible at all."),
    "AI System": Term("ai-system", "AI system involved", "An AI system took part."),
    "Clear link to technology": Term("clear-link", "Clear link to the AI", "The AI's part in the outcome is plain."),
    "Impact on Critical Services": Term(
        "critical-services", "Critical services", "Services that people cannot do without were disturbed."
    ),
    "Rights Violation": Term("rights", "Rights violated", "Rights or liberties of people were infringed."),
    "Involving Minor": Term("minor", "A minor involved", "Somebody under age was drawn in."),
    "Detrimental Content": Term("content", "Harmful content", "Hateful, violent, false or similar content was spread."),
    "Protected Characteristic": Term(
        "protected", "Unequal treatment", "People were treated differently by what the law protects, such as origin."
    ),
    "Special Interest Intangible Harm": Term(
        "intangible", "Intangible harm", "A harm that cannot be measured but that the coders attend to."
    ),
    "Multiple AI Interaction": Term("several-ai", "Several AI systems", "AI systems acted upon one another."),
    "Embedded": Term("embedded", "Embedded", "The AI was part of a physical machine."),
    "Public Sector Deployment": Term("public-sector", "Public sector", "A public body used the system."),
}
QUESTION_SCHEME = ImportedScheme(
    slug="cset-v1-questions",
    name="CSET v1: questions",
    description="Questions that each annotator of the AI Incident Database answered with yes, no or maybe.",
    allows_several=True,
    terms=tuple(QUESTIONS.values()),
)
SCHEMES = (QUESTION_SCHEME, *(choice.scheme for choice in CHOICES))
