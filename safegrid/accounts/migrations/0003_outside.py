from django.db import migrations

#: Whatever a post took part in may lie outside its scopes once these are others.
SCOPES = """
CREATE FUNCTION accounts_scope_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_involvement SET is_outside = TRUE WHERE post_id = OLD.post_id AND NOT is_outside;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_scope_changed AFTER UPDATE OR DELETE ON accounts_postscope
    FOR EACH ROW EXECUTE FUNCTION accounts_scope_changed();
"""
#: For triggers of tables whose rows somebody takes part in; takes app label and model of the rows.
SUBJECTS = """
CREATE FUNCTION accounts_subject_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_involvement SET is_outside = TRUE
    WHERE subject_id = NEW.id AND NOT is_outside AND subject_type_id = (
        SELECT id FROM django_content_type WHERE app_label = TG_ARGV[0] AND model = TG_ARGV[1]
    );
    RETURN NULL;
END
$$;
"""
BACKWARD = """
DROP TRIGGER accounts_scope_changed ON accounts_postscope;
DROP FUNCTION accounts_scope_changed();
DROP FUNCTION accounts_subject_moved();
"""


class Migration(migrations.Migration):
    """Let the portal know when what a post took part in leaves its scope."""

    replaces = [("accounts", "0003_involvement_outside")]
    dependencies = [("accounts", "0002_places")]

    operations = [migrations.RunSQL(SCOPES + SUBJECTS, BACKWARD)]
