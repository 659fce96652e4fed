import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0001_initial'),
        ('registry', '0013_batch_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RateWindow',
            fields=[
                ('caller', models.CharField(help_text="t and a token's id, or p and a person's.", max_length=20, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('n_requests', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('create', 'Log cases'), ('change', 'Change cases')], max_length=10)),
                ('atomic', models.BooleanField(default=False, help_text='All of it or nothing.')),
                ('rows', models.JSONField(blank=True, default=list)),
                ('outcomes', models.JSONField(blank=True, default=list)),
                ('asked_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch', to='registry.job')),
            ],
            options={
                'verbose_name_plural': 'batches',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['create', 'change'])), name='api_batch_kind_known', violation_error_message='Kind must be one of: create, change.')],
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=6)),
                ('path', models.CharField(max_length=400)),
                ('key', models.CharField(max_length=255)),
                ('body_digest', models.CharField(help_text='SHA-256 of the body.', max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('headers', models.JSONField(blank=True, default=dict)),
                ('body', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='api_keptanswer_made_at')],
                'constraints': [models.UniqueConstraint(fields=('person', 'method', 'path', 'key'), name='api_keptanswer_once', violation_error_message='This key has been used here already.')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE api_ratewindow SET UNLOGGED", reverse_sql="ALTER TABLE api_ratewindow SET LOGGED"
        ),
    ]
