"""AI systems and organisations, each with the other names it goes by."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper

from taxonomy.constraints import filled, tracked


def name_once(name):
    return models.UniqueConstraint(
        Lower("name"),
        name=f"registry_{name}_name_unique",
        violation_error_message="This name is recorded already.",
    )


def name_trigrams(name):
    """Serves the names that are offered while somebody types, by a part of them or a near miss."""
    return GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name=f"{name}_trigrams")


@tracked()
class Organisation(models.Model):
    """One row is one developer, deployer or affected party."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [name_once("organisation"), filled("name")]
        indexes = [name_trigrams("organisation")]

    def __str__(self):
        return self.name


@tracked()
class OrganisationAlias(models.Model):
    """One row is another name of an organisation; no two organisations share one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "organisation aliases"
        constraints = [name_once("organisationalias"), filled("name")]
        indexes = [name_trigrams("organisationalias")]

    def __str__(self):
        return self.name


@tracked()
class System(models.Model):
    """One row is one AI system, whatever its version."""

    name = models.CharField(max_length=200)
    developer = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="systems")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [name_once("system"), filled("name")]
        indexes = [name_trigrams("system")]

    def __str__(self):
        return self.name


@tracked()
class SystemAlias(models.Model):
    """One row is another name of a system; no two systems share one."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "system aliases"
        constraints = [name_once("systemalias"), filled("name")]
        indexes = [name_trigrams("systemalias")]

    def __str__(self):
        return self.name
