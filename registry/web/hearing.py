"""Who hears of a case, prepared for its head."""

from registry.actions.watching import hearers

SHOWN = 12


def context(person, case):
    """`hearers` (the first few by name), how many more, and whether `person` is one. One query."""
    people = list(hearers(case))
    return {"hearers": people[:SHOWN], "more_hearers": len(people[SHOWN:]), "hears": person in people}
