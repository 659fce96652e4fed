"""The safeguards of a case as layers in the order the behaviour met them: coordinates for safeguards/_layers.html."""

from registry.choices import Deployed, Outcome

STEP, MARGIN, HEIGHT = 168, 92, 132
TOP, BOTTOM, LINE, HALF = 6, 90, 48, 8
WORDS = {
    Outcome.CAUGHT: "caught it",
    Outcome.PARTIAL: "stopped part of it",
    Outcome.MISSED: "missed it",
    Outcome.UNKNOWN: "not known what it did",
}
# At most so many letters in one line below a plate.
LINE_LENGTH = 24


def picture(safeguards):
    """The picture of `safeguards` (in order), or None where none of them stood in the way.

    What was deployed and not exercised is left out: the behaviour never met it. After the first that caught it the
    line ends; what follows is drawn and not met.
    """
    met = [row for row in safeguards if not (row.outcome == Outcome.NOT_EXERCISED and row.deployed != Deployed.NO)]
    if not met:
        return None
    plates, lines, sure, stopped = [], [], True, False
    x = 8
    for place, row in enumerate(met):
        centre = MARGIN + place * STEP
        plates.append(plate(row, centre))
        if not stopped:
            lines.append(line(row, x, centre, sure))
            x, sure, stopped = centre + HALF, not is_unknown(row), row.outcome == Outcome.CAUGHT
    width = 2 * MARGIN + (len(met) - 1) * STEP
    return {
        "width": width,
        "height": HEIGHT,
        "plates": plates,
        "lines": lines,
        "end": None if stopped else {"from": x, "to": width - 12, "css": "go" if sure else "go maybe"},
        "line_y": LINE,
        "description": description(met, stopped),
    }


def is_unknown(row):
    return row.outcome == Outcome.UNKNOWN and row.deployed != Deployed.NO


def kind_of(row):
    if row.deployed == Deployed.NO:
        return "ghost"
    return {Outcome.CAUGHT: "stop", Outcome.PARTIAL: "fork", Outcome.MISSED: "hole"}.get(row.outcome, "unknown")


def words_of(row):
    return "not in place" if row.deployed == Deployed.NO else WORDS[row.outcome]


def plate(row, centre):
    """One layer: the rectangles it is drawn of, its name in one or two lines, and what became of the behaviour."""
    kind, left, width = kind_of(row), centre - HALF, 2 * HALF
    whole = [{"x": left, "y": TOP, "width": width, "height": BOTTOM - TOP}]
    holed = [
        {"x": left, "y": TOP, "width": width, "height": LINE - 10 - TOP},
        {"x": left, "y": LINE + 10, "width": width, "height": BOTTOM - LINE - 10},
    ]
    return {
        "kind": kind,
        "css": {"stop": "plate stop", "ghost": "plate absent", "unknown": "plate unknown"}.get(kind, "plate"),
        "parts": holed if kind in ("hole", "fork") else whole,
        "x": centre,
        "name": shortened(row.technique.name),
        "words": words_of(row),
    }


def line(row, x, centre, sure):
    """The way from the layer before to this one: through it, or up to it."""
    kind = kind_of(row)
    fork = f"M{centre - 62} {LINE} C{centre - 34} {LINE} {centre - 36} 24 {centre - 13} 24 M{centre - 11} 15 v18"
    return {
        "css": "go" if sure else "go maybe",
        "from": x,
        "to": centre - 12 if kind == "stop" else centre + HALF,
        "bar": f"M{centre - 11} {LINE - 10} v20" if kind == "stop" else "",
        "fork": fork if kind == "fork" else "",
    }


def shortened(name):
    return name if len(name) <= LINE_LENGTH else f"{name[: LINE_LENGTH - 1].rstrip()}…"


def description(met, stopped):
    count = "One safeguard" if len(met) == 1 else f"{len(met)} safeguards"
    told = "; ".join(f"{row.technique.name}: {words_of(row)}" for row in met)
    end = "" if stopped else ". Nothing that is known stopped all of it"
    return f"{count} in the order the behaviour met them. {told}{end}."
