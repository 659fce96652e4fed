"""The words beside the questions: what each answer means, and a worked example of each field."""

from registry.choices import Gap, Kind, Predictability
from registry.models.people import LABELLING

LABELLERS = sorted(LABELLING)
KINDS = Kind.choices
KIND_WORDS = {
    Kind.INCIDENT: "It happened, and somebody or something was affected.",
    Kind.NEAR_MISS: "It would have, but was stopped or noticed in time.",
    Kind.FINDING: "Seen while testing on purpose.",
    Kind.TRAINING: "Seen in a run, before anybody used it.",
    Kind.HYPOTHETICAL: "Not seen; worth keeping for planning.",
}
GAPS = [("", "Not assessed"), (Gap.HOLDS, "Holds"), (Gap.BROKEN, "Broken"), (Gap.UNKNOWN, "Not known")]
PREDICTABILITY_WORDS = {
    "": "Nobody has looked yet.",
    Predictability.WARNED: "Somebody said beforehand that this could happen. Link where.",
    Predictability.FORESEEABLE: "What was known at the time was enough, but nobody is known to have said so.",
    Predictability.NOT_FORESEEABLE: "Not with what was known at the time.",
    Predictability.UNKNOWN: "Looked into, and it cannot be told.",
}
LABELS = {
    "observed_behaviour": "What did you see?",
    "predictability": "Could it have been predicted?",
    "predictability_reason": "What makes you say so",
    "human_gap": "Human gap",
    "outer_gap": "Outer gap",
    "inner_gap": "Inner gap",
    "realised_rationale": "Why this tier: what was lost, and by whom",
    "potential_rationale": "Why this tier: what could have followed",
    "triage": "What it is",
    "scope": "Does it belong here?",
}
EXAMPLES = {
    "context": "The billing team lets an agent mend faults. It may change any file and run the tests; nobody "
    "looks at a change whose tests pass.",
    "intended_objective": "Mend the rounding fault so that the tests, as they were written, pass.",
    "specified_objective": "Reward 1 when the test command ends without an error, otherwise 0.",
    "optimised_objective": "Make the test command end without an error, by any edit.",
    "endorsed_goal": "Customers are charged what the law and the contract say.",
    "root_cause": "The reward could not tell a mended function from a loosened test, and the tests were within reach.",
    "evaluation_breakdown": "The release check counts passing tests and never compares the test files with the "
    "versions before.",
    "mitigation_strategy": "The test files are read-only for the agent; a change to them needs a person.",
    "predictability_reason": "Two papers from the year before show agents that edit the tests they are graded by, "
    "and the red team had asked for read-only tests.",
    "alignment_lesson": "A check the optimiser can edit is part of the reward, not a check.",
}
