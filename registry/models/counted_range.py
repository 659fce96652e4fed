"""What is kept of counted cases, so that a new run reads again only where something has changed."""

from django.db import models

WIDTH = 1 << 16
"""Cases whose numbers lie in one range are counted together: number // WIDTH."""


class CountedRange(models.Model):
    """One row is what the cases of one range add up to, as of the transaction that wrote it.

    It may be thrown away at any time: it is then counted again. `made_for` names everything else the numbers rest
    on: the code, the taxonomy and the first week.
    """

    number = models.IntegerField(primary_key=True)
    made_for = models.CharField(max_length=64)
    counted_at = models.DateTimeField()
    content = models.BinaryField()

    def __str__(self):
        return f"Range {self.number}"


class RangeMark(models.Model):
    """One row says that a case of this range has changed since it was counted; triggers write it.

    Rows are only added, never shared, so that writers do not wait for each other; whoever counts the range takes
    away those it has seen.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.IntegerField()

    def __str__(self):
        return f"Range {self.number} has changed"
