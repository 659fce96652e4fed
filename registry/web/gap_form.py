"""The four objectives and three gaps of a case form, in the order of the picture on the case page."""

from registry.web.gaps import BROKE_BECAUSE, GOAL, INTENDED, OPTIMISED, SPECIFIED

BOXES = (
    (GOAL, "endorsed_goal"),
    (INTENDED, "intended_objective"),
    (SPECIFIED, "specified_objective"),
    (OPTIMISED, "optimised_objective"),
)
ARROWS = ("human_gap", "outer_gap", "inner_gap", None)


def gap_form(form, agreed=None):
    """One dict for each box with the arrow that leads on from it, None after the last.

    `agreed` names, by the field of a gap, the agreed cause that breaks it whatever the form says.
    """
    return [
        {
            "name": name,
            "box": form[box],
            "arrow": form[arrow] if arrow else None,
            "because": because(place) if arrow else "",
            "agreed": (agreed or {}).get(arrow, ""),
        }
        for place, ((name, box), arrow) in enumerate(zip(BOXES, ARROWS, strict=True))
    ]


def because(place):
    words = BROKE_BECAUSE[place]
    return f"{words[:1].upper()}{words[1:]}."
