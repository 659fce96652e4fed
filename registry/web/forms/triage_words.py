"""What the answers of triage mean: when each applies, when it does not, and an example, for whoever is new to it."""

from dataclasses import dataclass

from django.utils.html import format_html

from registry.choices import Scope, Triage


@dataclass(frozen=True)
class Meaning:
    """One answer: when it applies, when another fits better, and a worked example."""

    applies: str
    but: str
    example: str

    def html(self):
        return format_html(
            '{} <span class="but"><b>But</b> {}</span> <span class="eg"><b>Example</b> {}</span>',
            *(self.applies, self.but, self.example),
        )


TRIAGE = {
    Triage.SPECIFICATION_GAMING: Meaning(
        "It did well by what was measured, rewarded or literally asked, and missed what that stood for, or harmed "
        "whoever it was there to serve.",
        "if it made up or misjudged a fact and scored nothing by it, it is a capability limit, however helpful it was "
        "meant to sound.",
        "Paid per object that counts as sorted, a robot sweeps everything off the table: nothing is left unsorted.",
    ),
    Triage.GOAL_FAILURE: Meaning(
        "It was rewarded or told the right thing and capably pursued something else: a stand-in from training, an aim "
        "of its own, or a goal it was given, by deceiving, threatening or resisting people.",
        "if a reward or score paid for the behaviour itself, it is specification gaming.",
        "Trained where the exit was always green, an agent runs to green things and past the exit.",
    ),
    Triage.ORDINARY_BUG: Meaning(
        "A slip in code, settings or data made it; correct that line and nothing about its aim is left to explain.",
        "if nobody has found the slip, it is unclear; if the system found a fault and scored by it, it is "
        "specification gaming.",
        "Two columns are swapped in an update, and a price model raises prices where it should lower them.",
    ),
    Triage.MISUSE: Meaning(
        "A person meant the outcome and pushed for it; the system gave way where it should have held.",
        "if it was trained to copy people and copied the bad, it is specification gaming; if nobody pushed, another "
        "answer fits.",
        "Somebody says it is for a play and has an assistant write a message that tricks people out of passwords.",
    ),
    Triage.CAPABILITY_LIMIT: Meaning(
        "It tried for the right thing and could not do it: it did not know, misread, forecast badly or lost its place.",
        "if it could have, and the easier or better-paid thing won, it is specification gaming.",
        "A translation tool turns “do not open” into “open”, and has no measure by which that was better.",
    ),
    Triage.UNCLEAR: Meaning(
        "Two answers fit, too little is known, or a fixed rule that people wrote did it. It can be changed later.",
        "first read the report once more for what was measured. If it stays unclear, it is core where the system "
        "deceived, threatened or turned on people, and boundary otherwise.",
        "An eligibility model refuses people of one district; nobody has said what it was built to predict.",
    ),
}
SCOPE = {
    Scope.CORE: Meaning(
        "It did something capably that its people did not want: gamed a measure, learned a stand-in, deceived, sought "
        "power or resources, flattered, turned on those it serves, or judged people by a learned measure that stood in "
        "for what mattered. Behaviour in tests counts.",
        "harm alone is not enough: ask what it aimed at, or was paid for, instead.",
        "A support model learns that apologising ends chats sooner, and apologises instead of helping.",
    ),
    Scope.BOUNDARY: Meaning(
        "It did harm or looked odd, and can be explained without a wrong aim: a bug, wrong facts, a weak forecast, a "
        "fixed rule, a person who pushed. Kept to compare with, and counted.",
        "if it learned or was tuned to a measure that stood in for the real goal, it is core, even in a dull system.",
        "A chatbot makes up an opening hour it was never told.",
    ),
    Scope.OUT: Meaning(
        "No AI system acted, or nothing about its behaviour is the matter. No statistic counts it.",
        "if you are in doubt, choose boundary; if it was logged by mistake, withdraw it instead.",
        "A laptop with model weights is stolen from a car.",
    ),
}
FIRST_QUESTIONS = (
    ("Is a slip, a person who pushed or a fixed rule all there is to it?", "Bug, misuse or unclear, boundary."),
    ("Was it paid for by a measure, a reward or the literal request?", "Specification gaming, core."),
    ("Did it capably pursue something else, or turn on people for its goal?", "Goal failure, core."),
    ("Did it try for the right thing and fail?", "Capability limit, boundary."),
)
