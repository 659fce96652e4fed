"""What cases carry from a node that goes to the one that takes its place, in a few statements however many they are.

Nothing is invented for a rater. Where a node is replaced, whatever they said of it they said of what takes its place.
Where it is merged into a wider one, only “present” follows: absent or unsure of a part says nothing of the whole.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from registry.actions import jobs

# What was said in the open of the node that goes (a) and of the one that stays (b).
SAID = """
said AS (
    SELECT case_id, node_id, stance FROM registry_label
    WHERE node_id IN (%(a)s, %(b)s) AND submitted_at IS NOT NULL
    UNION SELECT case_id, node_id, CASE WHEN applies THEN 'present' ELSE 'absent' END
    FROM registry_adjudication WHERE node_id IN (%(a)s, %(b)s)
    UNION SELECT case_id, node_id, 'present' FROM registry_classification WHERE node_id IN (%(a)s, %(b)s)
)
"""
OPPOSED = f"""
WITH {SAID}
SELECT DISTINCT gone.case_id FROM said gone JOIN said stays USING (case_id)
WHERE gone.node_id = %(a)s AND stays.node_id = %(b)s AND (
    (gone.stance = 'present' AND stays.stance = 'absent')
    OR (%(faithful)s AND gone.stance = 'absent' AND stays.stance = 'present')
)
"""  # noqa: S608
# Of the group that the staying node joins, a case may carry one only. Within one group there is nothing new to clash.
EXCLUDED = f"""
WITH {SAID}, rivals AS (
    SELECT id FROM taxonomy_node
    WHERE scheme_id = %(scheme)s AND id NOT IN (%(a)s, %(b)s)
      AND (NOT %(several)s OR (%(group)s <> '' AND exclusive_group = %(group)s))
)
SELECT DISTINCT said.case_id FROM said
WHERE said.node_id = %(a)s AND said.stance = 'present' AND (
    EXISTS (SELECT 1 FROM registry_classification c JOIN rivals ON rivals.id = c.node_id
            WHERE c.case_id = said.case_id)
    OR EXISTS (SELECT 1 FROM registry_label l JOIN rivals ON rivals.id = l.node_id
               WHERE l.case_id = said.case_id AND l.stance = 'present' AND l.submitted_at IS NOT NULL)
)
"""  # noqa: S608
CARRYING = """
SELECT case_id FROM registry_classification WHERE node_id = %(a)s
UNION SELECT case_id FROM registry_label
      WHERE node_id = %(a)s AND submitted_at IS NOT NULL AND stance = 'present'
"""
# Everything that hangs on the node, held labels too: what is locked before anything moves.
HANGING = """
SELECT case_id FROM registry_classification WHERE node_id = ANY(%(nodes)s::bigint[])
UNION SELECT case_id FROM registry_label WHERE node_id = ANY(%(nodes)s::bigint[])
UNION SELECT case_id FROM registry_adjudication WHERE node_id = ANY(%(nodes)s::bigint[])
UNION SELECT id FROM registry_case WHERE node_path && %(nodes)s::integer[]
"""
LOCK_NODES = """
WITH RECURSIVE under AS (
    SELECT unnest(%(nodes)s::bigint[]) AS id UNION SELECT n.id FROM taxonomy_node n JOIN under ON n.parent_id = under.id
)
SELECT id FROM taxonomy_node WHERE id IN (SELECT id FROM under) OR id = ANY(%(targets)s::bigint[])
ORDER BY id FOR UPDATE
"""
PATIENCE = ["400ms"] * 20
AFTERWARDS = "30s"
HELD_BY_OTHERS = ("55P03", "40P01")
LOCK_CASES = f"SELECT id FROM registry_case WHERE id IN ({HANGING}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608

MOVE_LABELS = """
UPDATE registry_label AS l
SET node_id = %(b)s, version = version + 1,
    blind_stance = CASE WHEN %(faithful)s OR blind_stance = 'present' THEN blind_stance ELSE '' END
WHERE node_id = %(a)s AND case_id <> ALL(%(stay)s::bigint[]) AND (%(faithful)s OR stance = 'present')
  AND NOT EXISTS (
      SELECT 1 FROM registry_label other
      WHERE other.case_id = l.case_id AND other.rater_id = l.rater_id AND other.node_id = %(b)s
  )
  AND NOT (l.stance = 'present' AND EXISTS (
      SELECT 1 FROM registry_label other JOIN taxonomy_node n ON n.id = other.node_id
      WHERE %(guarded)s AND other.case_id = l.case_id AND other.rater_id = l.rater_id AND other.stance = 'present'
        AND n.scheme_id = %(scheme)s AND n.id NOT IN (%(a)s, %(b)s)
        AND (NOT %(several)s OR (%(group)s <> '' AND n.exclusive_group = %(group)s))
  ))
"""
MOVE_DECISIONS = """
UPDATE registry_adjudication AS d SET node_id = %(b)s
WHERE node_id = %(a)s AND case_id <> ALL(%(stay)s::bigint[]) AND (%(faithful)s OR applies)
  AND NOT EXISTS (
      SELECT 1 FROM registry_adjudication other WHERE other.case_id = d.case_id AND other.node_id = %(b)s
  )
"""
# What is agreed for both is agreed once; the history keeps the other row.
DROP_DOUBLES = """
DELETE FROM registry_classification AS c
WHERE node_id = %(a)s AND case_id <> ALL(%(stay)s::bigint[])
  AND EXISTS (
      SELECT 1 FROM registry_classification other WHERE other.case_id = c.case_id AND other.node_id = %(b)s
  )
"""
MOVE_AGREED = (
    "UPDATE registry_classification SET node_id = %(b)s WHERE node_id = %(a)s AND case_id <> ALL(%(stay)s::bigint[])"
)


@dataclass(frozen=True)
class Crossing:
    """Numbers of the cases that carry the node: those where what was said stands against what takes its place, and
    those where an exclusive group has no room.
    """

    carrying: frozenset
    opposed: frozenset
    excluded: frozenset

    @property
    def to_look_at(self):
        return self.opposed | self.excluded


def crossing(node, target, *, faithful):
    """What happens to the cases of `node` when `target` takes its place. `faithful`: it means the same (replaced)."""
    parameters = _parameters(node, target, faithful)
    excluded = _numbers(EXCLUDED, parameters) if parameters["guarded"] else frozenset()
    return Crossing(_numbers(CARRYING, parameters), _numbers(OPPOSED, parameters), excluded)


def carrying(node):
    """Numbers of the cases that are agreed to carry `node` itself, or of which somebody says so."""
    return _numbers(CARRYING, {"a": node.pk})


def carry_over(node, target, *, stay, faithful):
    """Move what cases carry from `node` to `target`, but for the cases in `stay`."""
    parameters = _parameters(node, target, faithful) | {"stay": sorted(stay)}
    with connection.cursor() as cursor:
        for statement in (MOVE_LABELS, MOVE_DECISIONS, DROP_DOUBLES, MOVE_AGREED):
            cursor.execute(statement, parameters)


def hold(node, targets, *, at):
    """Lock every case that `node` or one below it hangs on, then these nodes and `targets`, until the transaction ends.

    Whoever labels locks their case first and the node after it, so the cases come first here too. A case that came
    under the node meanwhile may be held by somebody who waits for the node: then everything is let go for a moment,
    well before the database would call it a deadlock and stop one of the two. The job to compute the statistics anew
    is left here as well, for it is one row that all who label write.
    """
    for patience in PATIENCE:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
                for statement in (LOCK_CASES, LOCK_NODES, LOCK_CASES):
                    numbers = {"nodes": [node.pk], "targets": [target.pk for target in targets]}
                    cursor.execute(statement, numbers)
                jobs.leave_recompute(at=at)
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [AFTERWARDS])
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in HELD_BY_OTHERS:
                raise
    raise ValidationError("Cases under this node are being labelled right now. Nothing was done; try again shortly.")


def _parameters(node, target, faithful):
    several, group = node.scheme.allows_several, target.exclusive_group
    guarded = several and group != "" and group != node.exclusive_group
    return {
        "a": node.pk,
        "b": target.pk,
        "faithful": faithful,
        "scheme": node.scheme_id,
        "several": several,
        "group": group,
        "guarded": guarded,
    }


def _numbers(statement, parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return frozenset(number for (number,) in cursor.fetchall())
