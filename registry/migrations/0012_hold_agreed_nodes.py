"""What is agreed for a case holds its node until the end, so that no move of the node overlooks it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0011_unseen_notifications'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='classification',
            name='keep_node_path_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='classification',
            name='keep_node_path_update',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classification',
            trigger=pgtrigger.compiler.Trigger(name='keep_node_path_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nPERFORM 1 FROM taxonomy_node WHERE id IN (SELECT node_id FROM new_rows) ORDER BY id FOR KEY SHARE;\n\nUPDATE registry_case SET node_path = registry_node_path(id)\nWHERE id IN (SELECT case_id FROM new_rows);\nRETURN NULL;\n', hash='cf991277f9b4b495546fd79df58bc5bd3e0c3c8b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_node_path_insert_956b7', referencing='REFERENCING NEW TABLE AS new_rows ', table='registry_classification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='classification',
            trigger=pgtrigger.compiler.Trigger(name='keep_node_path_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nPERFORM 1 FROM taxonomy_node WHERE id IN (SELECT node_id FROM new_rows) ORDER BY id FOR KEY SHARE;\n\nUPDATE registry_case SET node_path = registry_node_path(id)\nWHERE id IN (SELECT case_id FROM new_rows UNION SELECT case_id FROM old_rows);\nRETURN NULL;\n', hash='591d7c6896b31fca341f8477269042b487de6423', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_node_path_update_8e46e', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='registry_classification', when='AFTER')),
        ),
    ]
