"""The objective-gap picture: four objects, three gaps, and where the line broke."""

from registry.web.pictures import decimal

GOAL, INTENDED, SPECIFIED, OPTIMISED = (
    "Goal people should have",
    "Intended objective",
    "Specified objective",
    "What it learned to optimise",
)
GAPS = ("Human gap", "Outer gap", "Inner gap")
HOLDS, BROKEN = "holds", "broken"
VERDICTS = {HOLDS: "holds", BROKEN: "broken", "unknown": "not known", "": "not assessed"}
GAP_ICONS = {HOLDS: "check", BROKEN: "cross"}
BROKE_BECAUSE = {
    0: "the goal that was set is not the goal people should have",
    1: "what was rewarded is not what was meant",
    2: "what it learned is not what was rewarded",
}

TRACK_WIDTH = 724
OBJECTS_AT = (8, 193, 378, 563)
TOP = 36


def gap_sentence(*, human, outer, inner):
    """One sentence that says which of the three gaps broke, in words."""
    states = (human, outer, inner)
    broken = [i for i, state in enumerate(states) if state == BROKEN]
    open_questions = [i for i, state in enumerate(states) if state not in (HOLDS, BROKEN)]
    if len(open_questions) == len(states):
        return "Nobody has said yet which of the three gaps broke."
    if not broken and not open_questions:
        return "All three gaps hold: what it did is what was meant."
    if not broken:
        return f"No gap is known to have broken; the {_listed(open_questions)} still {_be(open_questions)} an answer."
    because = "; ".join(BROKE_BECAUSE[i] for i in broken)
    sentence = f"The {_listed(broken)} broke: {because}."
    if open_questions:
        rest = _listed(open_questions)
        sentence += f" The {rest} still {_be(open_questions)} an answer."
    return sentence


def _listed(indexes):
    names = [GAPS[i].split()[0].lower() for i in indexes]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{joined} gap{'s' if len(names) > 1 else ''}"


def _be(indexes):
    return "need" if len(indexes) > 1 else "needs"


def gap_picture(*, human, outer, inner, goal="", intended="", specified="", optimised="", sentence=""):
    """The four objects and three gaps of a case, for partials/_gap_picture.html.

    Each gap is "holds", "broken", "unknown" or "" (not assessed). The line drops one level where a gap broke;
    objects after the first break are squares. `sentence` replaces the one made from the gaps.
    """
    states = (human or "", outer or "", inner or "")
    drop = 56 if states.count(BROKEN) == 1 else 46
    levels = [TOP]
    for state in states:
        levels.append(levels[-1] + (drop if state == BROKEN else 0))
    astray = [BROKEN in states[:i] for i in range(4)]
    texts = (goal, intended, specified, optimised)
    return {
        "width": TRACK_WIDTH,
        "height": levels[-1] + 30,
        "sentence": sentence or gap_sentence(human=states[0], outer=states[1], inner=states[2]),
        "description": _gap_description(states),
        **_meant(states, levels),
        "strokes": _gap_strokes(states, levels, astray),
        "objects": [_gap_object(i, levels[i], astray[i], states) for i in range(4)],
        "labels": [_gap_label(i, state, levels[i]) for i, state in enumerate(states)],
        "end": {"x": 712, "y": levels[-1] - 12, "css": "hot" if astray[3] else ""},
        "items": [_gap_item(i, texts[i], astray[i], states) for i in range(4)],
    }


def _gap_description(states):
    gaps = " ".join(f"{name}: {VERDICTS[state]}." for name, state in zip(GAPS, states, strict=True))
    return f"Four objects in a row, from the goal people should have to what the AI did. {gaps}"


def _meant(states, levels):
    """The dotted line of what was meant, and the shaded space between it and what happened."""
    if BROKEN not in states:
        return {"meant": "", "drift": ""}
    start = OBJECTS_AT[states.index(BROKEN)]
    path = [f"M{start} {TOP}"]
    for i, state in enumerate(states):
        if state == BROKEN:
            path.append(_fall(OBJECTS_AT[i], levels[i], OBJECTS_AT[i] + 185, levels[i + 1]))
        elif OBJECTS_AT[i] >= start:
            path.append(f"H{OBJECTS_AT[i] + 185}")
    path.append(f"H712V{TOP}Z")
    return {"meant": f"M{start} {TOP}H712", "drift": "".join(path)}


def _fall(x1, y1, x2, y2):
    third = (x2 - x1) * 0.31
    return f"C{decimal(x1 + third)} {y1} {decimal(x2 - third)} {y2} {x2} {y2}"


def _gap_strokes(states, levels, astray):
    strokes = []
    for i, state in enumerate(states):
        x1, x2, y = OBJECTS_AT[i], OBJECTS_AT[i] + 185, levels[i]
        if state == BROKEN:
            strokes += _broken_strokes(x1, y, x2, levels[i + 1])
        else:
            css = "open" if state != HOLDS else "holds"
            strokes.append({"d": f"M{x1} {y}H{x2}", "css": f"{css} astray" if astray[i] else css})
    y, css = levels[-1], "astray" if astray[3] else "holds"
    last = f"open {css}" if states[2] not in (HOLDS, BROKEN) and not astray[3] else css
    strokes.append({"d": f"M{OBJECTS_AT[3]} {y}H702", "css": last})
    strokes.append({"d": f"M700 {y - 6}l13 6-13 6z", "css": f"tip {css}"})
    return strokes


def _broken_strokes(x1, y1, x2, y2):
    """A falling line cut in the middle: two ends of one curve and two slanted cuts."""
    across, down = (x2 - x1) / 185, (y2 - y1) / 56

    def at(x, y):
        return f"{decimal(x1 + x * across)} {decimal(y1 + y * down)}"

    return [
        {"d": f"M{at(0, 0)}C{at(36, 2)} {at(54, 11)} {at(72, 20)}", "css": "astray"},
        {"d": f"M{at(110, 41)}C{at(133, 51)} {at(153, 56)} {at(185, 56)}", "css": "astray"},
        {"d": f"M{at(68, 29)}l9-17M{at(104.5, 49)}l9-17", "css": "cut"},
    ]


def _gap_object(i, level, astray, states):
    before = states[i - 1] if i else HOLDS
    css = "obj off" if astray else "obj unsure" if before not in (HOLDS, BROKEN) else "obj"
    return {"x": OBJECTS_AT[i] - 6.5, "y": level - 6.5, "rx": 2 if astray else 6.5, "css": css}


def _gap_label(i, state, level):
    x, y = OBJECTS_AT[i] + 34, level - 14
    glyphs = {
        HOLDS: (f"M{x - 14} {y - 4}l3 3 5.5-6.5", "yes"),
        BROKEN: (f"M{x - 13} {y - 8}l7 7m0-7-7 7", "hot"),
    }
    question = f"M{x - 13} {y - 6}a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1 .8-1 1.6M{x - 10.4} {y + 0.6}v.1"
    glyph, css = glyphs.get(state, (question, "ask"))
    return {"x": x, "y": y, "name": GAPS[i], "verdict": VERDICTS[state], "glyph": glyph, "css": css}


def _gap_item(i, text, astray, states):
    names = (GOAL, INTENDED, SPECIFIED, OPTIMISED)
    item = {"name": names[i], "text": text, "css": "astray" if astray else "", "gap": None}
    if i < len(states):
        state = states[i]
        item["gap"] = {
            "words": f"{GAPS[i]} {VERDICTS[state]}",
            "css": "broke" if state == BROKEN else "",
            "symbol": GAP_ICONS.get(state, "question"),
        }
    return item
