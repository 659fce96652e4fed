import django.core.validators
import pgtrigger.compiler
import taxonomy.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("taxonomy", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="node",
            name="needs_all_criteria",
            field=models.BooleanField(
                default=False, help_text="A case carries it only where each of these criteria is shown by itself."
            ),
        ),
        migrations.AddField(
            model_name="nodeevent",
            name="needs_all_criteria",
            field=models.BooleanField(
                default=False, help_text="A case carries it only where each of these criteria is shown by itself."
            ),
        ),
        migrations.AddField(
            model_name="severitytier",
            name="debt_weight",
            field=models.DecimalField(
                decimal_places=2,
                default=1,
                help_text="How much an unfinished analysis of a case of this potential severity weighs in the debt ledger.",
                max_digits=6,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AddField(
            model_name="severitytierevent",
            name="debt_weight",
            field=models.DecimalField(
                decimal_places=2,
                default=1,
                help_text="How much an unfinished analysis of a case of this potential severity weighs in the debt ledger.",
                max_digits=6,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AddConstraint(
            model_name="severitytier",
            constraint=models.CheckConstraint(
                condition=models.Q(("debt_weight__gte", 0)),
                name="taxonomy_severitytier_debt_weight_not_negative",
                violation_error_message="A weight is 0 or more.",
            ),
        ),
        taxonomy.operations.ReplaceTriggers(
            triggers={
                "node": [
                    pgtrigger.compiler.Trigger(
                        name="parent_in_scheme_without_cycle",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.parent_id IS NOT NULL THEN\n    IF NOT EXISTS (SELECT 1 FROM taxonomy_node WHERE id = NEW.parent_id AND scheme_id = NEW.scheme_id) THEN\n        RAISE EXCEPTION 'A node and its parent belong to one scheme.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        WITH RECURSIVE above AS (\n            SELECT id, parent_id FROM taxonomy_node WHERE id = NEW.parent_id\n            UNION SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id\n        ) SELECT 1 FROM above WHERE id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'A node cannot stand below itself.' USING ERRCODE = 'check_violation';\n    END IF;\nEND IF;\nRETURN NEW;\n",
                            hash="e59e33f3e65783b48b9d4d49a972fe6f8f89670c",
                            operation='INSERT OR UPDATE OF "parent_id", "scheme_id"',
                            pgid="pgtrigger_parent_in_scheme_without_cycle_34079",
                            table="taxonomy_node",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "needs_all_criteria", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (NEW."aliases", NEW."applies_when", NEW."created_at", NEW."definition", NEW."definition_status", NEW."does_not_apply_when", NEW."examples", NEW."exclusive_group", NEW."id", NEW."name", NEW."needs_all_criteria", NEW."order", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaced_by_id", NEW."retired_at", NEW."scheme_id", NEW."slug", NEW."source", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="5b672dd854ab1c554d286f88ae6da06fdd7cb9cd",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2bb86",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "needs_all_criteria", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (NEW."aliases", NEW."applies_when", NEW."created_at", NEW."definition", NEW."definition_status", NEW."does_not_apply_when", NEW."examples", NEW."exclusive_group", NEW."id", NEW."name", NEW."needs_all_criteria", NEW."order", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaced_by_id", NEW."retired_at", NEW."scheme_id", NEW."slug", NEW."source", NEW."updated_at", NEW."version"); RETURN NULL;',
                            hash="2172c043f177a7a6680b2770b37dadb4c47e275f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d8568",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_nodeevent" ("aliases", "applies_when", "created_at", "definition", "definition_status", "does_not_apply_when", "examples", "exclusive_group", "id", "name", "needs_all_criteria", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_by_id", "retired_at", "scheme_id", "slug", "source", "updated_at", "version") VALUES (OLD."aliases", OLD."applies_when", OLD."created_at", OLD."definition", OLD."definition_status", OLD."does_not_apply_when", OLD."examples", OLD."exclusive_group", OLD."id", OLD."name", OLD."needs_all_criteria", OLD."order", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."replaced_by_id", OLD."retired_at", OLD."scheme_id", OLD."slug", OLD."source", OLD."updated_at", OLD."version"); RETURN NULL;',
                            hash="4c8ba0bb8fe4811b491f6f0891d906d25bc4b105",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1a779",
                            table="taxonomy_node",
                            when="AFTER",
                        ),
                    ),
                ],
                "severitytier": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "debt_weight", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (NEW."colour", NEW."criteria", NEW."debt_weight", NEW."example", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."rank", NEW."rank", NEW."slug"); RETURN NULL;',
                            hash="cee7f31a13c7667df06d3634f6a3317593f1db53",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_05349",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "debt_weight", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (NEW."colour", NEW."criteria", NEW."debt_weight", NEW."example", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."rank", NEW."rank", NEW."slug"); RETURN NULL;',
                            hash="dbfae44e7157684b248e31fa2b49b242ae90787c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_19421",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "taxonomy_severitytierevent" ("colour", "criteria", "debt_weight", "example", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "slug") VALUES (OLD."colour", OLD."criteria", OLD."debt_weight", OLD."example", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."rank", OLD."rank", OLD."slug"); RETURN NULL;',
                            hash="2dfccd0211b4dece7ba1def5f07f3b0db6826fdd",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5b1ed",
                            table="taxonomy_severitytier",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
    ]
