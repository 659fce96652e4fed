from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0012_hold_agreed_nodes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='job',
            name='registry_job_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='registry_job_kind_known',
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('recompute', 'Recompute patterns'), ('export', 'Export cases'), ('bulk', 'Change many cases'), ('agreement', 'Recompute the agreement of raters'), ('batch', 'Log or change the cases that a tool sent')], max_length=20),
        ),
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('pending', 'Pending'), ('running', 'Running'), ('done', 'Done'), ('dead', 'Dead'), ('cancelled', 'Cancelled')], default='pending', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'running', 'done', 'dead', 'cancelled'])), name='registry_job_state_known', violation_error_message='State must be one of: pending, running, done, dead, cancelled.'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recompute', 'export', 'bulk', 'agreement', 'batch'])), name='registry_job_kind_known', violation_error_message='Kind must be one of: recompute, export, bulk, agreement, batch.'),
        ),
    ]
