"""A migration operation for models that are created with their triggers."""

from django.db.migrations.operations.base import Operation


class InstallTriggers(Operation):
    """Install every trigger that the named models were created with.

    pgtrigger's own operation adds one trigger at a time and renders every related model anew for each:
    twenty seconds for a new database, against one.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, models):
        self.models = models

    def state_forwards(self, app_label, state):
        """Nothing: the models' options hold the triggers already."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for trigger in self._triggers(app_label, to_state):
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for trigger in self._triggers(app_label, from_state):
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self):
        return f"Install the triggers of {len(self.models)} models"

    def _triggers(self, app_label, state):
        for name in self.models:
            yield from state.models[app_label, name].options["triggers"]


class ReplaceTriggers(Operation):
    """Give existing models the triggers named here, in place of those they had: their tables got new columns."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, triggers):
        """`triggers`: {model name: its compiled triggers, all of them}."""
        self.triggers = triggers

    def state_forwards(self, app_label, state):
        for name, triggers in self.triggers.items():
            state.models[app_label, name].options["triggers"] = triggers

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for name in self.triggers:
            for trigger in from_state.models[app_label, name].options.get("triggers", ()):
                schema_editor.execute(trigger.uninstall_sql, params=None)
            for trigger in to_state.models[app_label, name].options["triggers"]:
                schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Replace the triggers of {', '.join(self.triggers)}"
