"""What searching needs: Dutch words without accents, likeness of letters, likeness of meaning."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations
from pgvector.django import VectorExtension

FORWARD = """
CREATE TEXT SEARCH CONFIGURATION public.nl (COPY = pg_catalog.dutch);
ALTER TEXT SEARCH CONFIGURATION public.nl
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
  WITH unaccent, dutch_stem;
"""
BACKWARD = "DROP TEXT SEARCH CONFIGURATION public.nl;"


class Migration(migrations.Migration):
    initial = True
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        VectorExtension(),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
