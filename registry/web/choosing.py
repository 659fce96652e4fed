"""“Help me choose”: the rules for labelling causes as at most four questions, asked one after the other.

The texts are guidance, not data: a node they name that the scheme no longer has is simply not offered.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from registry.choices import Grounds, Stance
from registry.models.workflow import CAUSE_SCHEME
from taxonomy.models import Node

MECHANISMS = "mechanism"
ANY_MECHANISM = f"{MECHANISMS}:*"


@dataclass(frozen=True)
class Answer:
    """One answer: its words, the question it leads to, and the nodes it speaks for, each with the reason why."""

    value: str
    words: str
    next: str = ""
    leads: tuple = ()
    stance: str = Stance.PRESENT
    grounds: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Question:
    name: str
    legend: str
    answers: tuple
    help: str = ""


@dataclass
class Asked:
    """A question as the page shows it, with the answer given, if any."""

    number: int
    question: Question
    chosen: Answer | None


@dataclass
class Choosing:
    """How far the questions are, and what the answers lead to; `mechanisms`: to labelling what the system did."""

    asked: list
    candidates: list
    hints: list
    mechanisms: bool

    @property
    def ended(self):
        return all(each.chosen for each in self.asked)


@dataclass(frozen=True)
class Candidate:
    """A node to look at, why, and the address of its form with what the answers already say."""

    node: Node
    why: str
    address: str
    stance: str


HOW_KNOWN = "known"
NO_CAUSE = "If the developer published no cause, keep the confidence low: below 40 says so."

QUESTIONS = {
    question.name: question
    for question in (
        Question(
            "arrow",
            "Which arrow broke first?",
            (
                Answer(
                    "human",
                    "The goal itself was wrong: carried out faithfully, it would still be a failure.",
                    next="standard",
                    leads=(("human", "The goal people meant to give was itself the wrong one."),),
                ),
                Answer(
                    "outer",
                    "The goal was right, and the wrong thing was written down or rewarded.",
                    next="reward",
                    leads=(("outer", "What was rewarded differs from what was meant."),),
                ),
                Answer(
                    "inner",
                    "The right thing was rewarded, and something else was learned.",
                    next="stand-in",
                    leads=(("inner", "What was rewarded was right, and something else was learned."),),
                ),
                Answer(
                    "prompt",
                    "None that is known: the goal was given in the prompt.",
                    hint="A goal given in the prompt shows what the system can do, not why it does it. Leave the cause "
                    "open and label what it did.",
                    leads=((ANY_MECHANISM, "What it did can be labelled without a cause."),),
                ),
                Answer(
                    "unknown",
                    "I cannot tell.",
                    hint="Leave the cause open: a guess would be counted as a label. What would decide it: what was "
                    "rewarded, and how it behaved in training. Until somebody knows, label what it did.",
                    leads=(
                        ("technical", "Say “Cannot tell” here, so that others know you looked."),
                        (ANY_MECHANISM, "What it did can be labelled without a cause."),
                    ),
                    stance=Stance.UNSURE,
                ),
            ),
            help="Goal people should have → intended → written down or rewarded → learned → behaviour.",
        ),
        Question(
            "standard",
            "By what standard was the goal wrong?",
            (
                Answer(
                    "normative",
                    "It was ethically wrong.",
                    next=HOW_KNOWN,
                    leads=(("human-normative", "The goal is judged ethically incorrect."),),
                ),
                Answer(
                    "unendorsed",
                    "Those affected, or those judging, would not endorse it.",
                    next=HOW_KNOWN,
                    leads=(("human-unendorsed", "The people affected would not endorse the goal."),),
                ),
                Answer(
                    "undemocratic",
                    "The way it was chosen was not legitimate.",
                    next=HOW_KNOWN,
                    leads=(("human-undemocratic", "The way the goal was chosen fails a standard."),),
                ),
                Answer("unknown", "I cannot tell which.", next=HOW_KNOWN),
            ),
        ),
        Question(
            "reward",
            "What made the reward miss?",
            (
                Answer(
                    "misjudged",
                    "A reward, a grader or a label was misjudged.",
                    next="misjudged",
                    leads=(("volition-based", "A reward, a grader or a label was misjudged."),),
                ),
                Answer(
                    "swamped",
                    "Training for capability swamped the training for alignment.",
                    next=HOW_KNOWN,
                    leads=(("capabilities-based", "Training for capability swamped the training for alignment."),),
                ),
                Answer("unknown", "I cannot tell which.", next=HOW_KNOWN),
            ),
        ),
        Question(
            "misjudged",
            "How was it misjudged?",
            (
                Answer("mistake", "A grader made a mistake.", next=HOW_KNOWN),
                Answer("time", "Graders had too little time or knowledge.", next=HOW_KNOWN),
                Answer("unrepresentative", "The graders did not stand for the people concerned.", next=HOW_KNOWN),
                Answer(
                    "automated",
                    "An automated grader or a test misclassified.",
                    next=HOW_KNOWN,
                    leads=((f"{MECHANISMS}:test-gaming", "An automated grader was satisfied by the wrong thing."),),
                ),
                Answer("unknown", "I cannot tell.", next=HOW_KNOWN),
            ),
            help="Say in your rationale which; the label is the same.",
        ),
        Question(
            "stand-in",
            "Was it right in training, through a stand-in, and wrong only elsewhere?",
            (
                Answer(
                    "yes",
                    "Yes: a stand-in matched the objective everywhere in training.",
                    next=HOW_KNOWN,
                    leads=(("perfect-correlate", "Right in training through a stand-in, wrong elsewhere."),),
                ),
                Answer(
                    "unreliable",
                    "No: it was unreliable in training already.",
                    next=HOW_KNOWN,
                    leads=(("underfit", "Training never got it to follow the goal reliably."),),
                ),
                Answer("other", "No: something else is shown of its training.", next="shown"),
                Answer("unknown", "I cannot tell.", next=HOW_KNOWN),
            ),
        ),
        Question(
            "shown",
            "What is shown of its training?",
            (
                Answer(
                    "precocious",
                    "It cared about something beyond training and gamed training to keep it.",
                    next=HOW_KNOWN,
                    leads=(("precocious", "Only if each of its four conditions is shown; you tick them one by one."),),
                ),
                Answer(
                    "bias",
                    "A steady bias in the signal or the update steered it away.",
                    next=HOW_KNOWN,
                    leads=(("gradient", "A systematic pull away from an objective that was right."),),
                ),
                Answer(
                    "peculiarity",
                    "It follows a peculiarity of the training set-up.",
                    next=HOW_KNOWN,
                    leads=(("overfit", "The goal fits a peculiarity of the set-up and does not carry over."),),
                ),
                Answer("unknown", "None of these, or I cannot tell.", next=HOW_KNOWN),
            ),
        ),
        Question(
            HOW_KNOWN,
            "How is that known?",
            (
                Answer("reproduced", "It was shown again on purpose.", grounds=Grounds.REPRODUCED),
                Answer("documented", "Somebody who could know wrote it down.", grounds=Grounds.DOCUMENTED),
                Answer(
                    "inferred",
                    "It follows from what was observed.",
                    grounds=Grounds.INFERRED,
                    hint=NO_CAUSE,
                ),
                Answer(
                    "guess",
                    "It fits; nothing shows it.",
                    grounds=Grounds.SPECULATIVE,
                    hint=NO_CAUSE,
                ),
            ),
        ),
    )
}


def choose(answers):
    """The Choosing for `answers`, a mapping of question names to values.

    Candidates come once an answer ends the questions: the closest first, then what stands above it.
    """
    asked, name = [], "arrow"
    while name:
        question = QUESTIONS[name]
        chosen = next((each for each in question.answers if each.value == answers.get(name)), None)
        asked.append(Asked(len(asked) + 1, question, chosen))
        name = chosen.next if chosen else ""
    given = [each.chosen for each in asked if each.chosen]
    if len(given) < len(asked):
        return Choosing(asked, [], [], mechanisms=False)
    hints = [answer.hint for answer in given if answer.hint]
    mechanisms = any(key == ANY_MECHANISM for answer in given for key, _ in answer.leads)
    return Choosing(asked, _candidates(given), hints, mechanisms)


def _candidates(given):
    stance, grounds = given[-1].stance, given[-1].grounds
    leads = [lead for answer in reversed(given) for lead in answer.leads]
    nodes = {node.key: node for node in _nodes([key for key, _ in leads])}
    found = []
    for key, why in leads:
        full = key if ":" in key else f"{CAUSE_SCHEME}:{key}"
        if node := nodes.get(full):
            said = {"node": node.key, "stance": stance} | ({"grounds": grounds} if grounds else {})
            found.append(Candidate(node, why, f"?{urlencode(said)}#rate", stance))
    return sorted(found, key=lambda each: each.node.scheme.slug != CAUSE_SCHEME)


def _nodes(keys):
    slugs = [key.rpartition(":")[2] for key in keys]
    return Node.objects.filter(slug__in=slugs, retired_at=None).select_related("scheme")
