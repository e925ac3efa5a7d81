from django.db import migrations

#: What was issued never changes: a correction is another document.
UNCHANGED = """
CREATE FUNCTION responsibility_document_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a document that was issued is neither changed nor deleted';
END;
$$;

CREATE TRIGGER responsibility_document_unchanged BEFORE UPDATE OR DELETE ON responsibility_document
FOR EACH ROW EXECUTE FUNCTION responsibility_document_is_issued();
"""
CHANGEABLE = """
DROP TRIGGER responsibility_document_unchanged ON responsibility_document;
DROP FUNCTION responsibility_document_is_issued();
"""


class Migration(migrations.Migration):
    """Let the database refuse to change a document."""

    replaces = [("responsibility", "0007_instructions")]
    dependencies = [("responsibility", "0002_touches")]

    operations = [migrations.RunSQL(UNCHANGED, CHANGEABLE)]
