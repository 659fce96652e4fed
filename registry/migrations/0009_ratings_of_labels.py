"""Labels given before ratings were kept: their raters had submitted them, each before seeing the others'."""

from django.db import migrations

RATE = """
INSERT INTO registry_rating (case_id, rater_id, state, opened_at, version, created_at, updated_at)
SELECT case_id, rater_id, 'submitted', min(created_at), 1, min(created_at), max(updated_at)
FROM registry_label GROUP BY case_id, rater_id;

INSERT INTO registry_ratedscheme (rating_id, scheme_id)
SELECT DISTINCT r.id, n.scheme_id
FROM registry_rating r
JOIN registry_label l ON l.case_id = r.case_id AND l.rater_id = r.rater_id
JOIN taxonomy_node n ON n.id = l.node_id;

UPDATE registry_label SET submitted_at = created_at, blind_stance = stance;
"""
DECIDE = """
INSERT INTO registry_adjudication (case_id, node_id, applies, reason, decided_by_id, decided_at)
SELECT case_id, node_id, true, 'Decided before reasons were kept beside decisions; see the history.', decided_by_id,
       decided_at
FROM registry_classification WHERE method = 'adjudicated';
"""
TAKE_BACK = """
UPDATE registry_label SET submitted_at = NULL, blind_stance = '';
DELETE FROM registry_adjudication;
DELETE FROM registry_ratedscheme;
DELETE FROM registry_rating;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_analyse_together")]
    operations = [migrations.RunSQL(RATE + DECIDE, TAKE_BACK)]
