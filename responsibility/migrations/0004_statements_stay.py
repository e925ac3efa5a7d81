from django.db import migrations

#: What was signed, used or locked stays as it was, whoever writes.
FORWARD = """
CREATE FUNCTION responsibility_statement_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'statement: the hash is not that of its text' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (
        OLD.template_id, OLD.year, OLD.level, OLD.promiser_id, OLD.enterprise_id, OLD.receiver_id, OLD.body,
        OLD.body_en, OLD.title, OLD.text, OLD.sha256, OLD.issued_at
    ) IS DISTINCT FROM (
        NEW.template_id, NEW.year, NEW.level, NEW.promiser_id, NEW.enterprise_id, NEW.receiver_id, NEW.body,
        NEW.body_en, NEW.title, NEW.text, NEW.sha256, NEW.issued_at
    ) THEN
        RAISE EXCEPTION 'statement %: what was issued does not change', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_statement_fixed BEFORE INSERT OR UPDATE ON responsibility_statement
    FOR EACH ROW EXECUTE FUNCTION responsibility_statement_fixed();

CREATE FUNCTION responsibility_signature_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'signature %: a signature stays', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.sha256 IS DISTINCT FROM (
        SELECT sha256 FROM responsibility_statement WHERE id = NEW.statement_id
    ) THEN
        RAISE EXCEPTION 'signature: not of this text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_signature_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_signature
    FOR EACH ROW EXECUTE FUNCTION responsibility_signature_fixed();

CREATE FUNCTION responsibility_template_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'template %: what is in use does not change', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.used_at IS NOT NULL AND 100 IS DISTINCT FROM (
        SELECT sum(points) FROM responsibility_statementitem WHERE template_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'template %: its points are not 100', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_template_fixed BEFORE UPDATE ON responsibility_statementtemplate
    FOR EACH ROW EXECUTE FUNCTION responsibility_template_fixed();

CREATE FUNCTION responsibility_item_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_statementtemplate
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.template_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.template_id END) AND used_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'item: what is in use does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_item_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_statementitem
    FOR EACH ROW EXECUTE FUNCTION responsibility_item_fixed();

CREATE FUNCTION responsibility_score_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL THEN
        RAISE EXCEPTION 'score %: what is locked does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_score_fixed BEFORE UPDATE OR DELETE ON responsibility_statementscore
    FOR EACH ROW EXECUTE FUNCTION responsibility_score_fixed();

CREATE FUNCTION responsibility_line_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_statementscore
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.score_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.score_id END) AND locked_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'line: what is locked does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER responsibility_line_fixed BEFORE INSERT OR UPDATE OR DELETE ON responsibility_scoreline
    FOR EACH ROW EXECUTE FUNCTION responsibility_line_fixed();
"""

BACKWARD = """
DROP TRIGGER responsibility_line_fixed ON responsibility_scoreline;
DROP TRIGGER responsibility_score_fixed ON responsibility_statementscore;
DROP TRIGGER responsibility_item_fixed ON responsibility_statementitem;
DROP TRIGGER responsibility_template_fixed ON responsibility_statementtemplate;
DROP TRIGGER responsibility_signature_fixed ON responsibility_signature;
DROP TRIGGER responsibility_statement_fixed ON responsibility_statement;
DROP FUNCTION responsibility_line_fixed();
DROP FUNCTION responsibility_score_fixed();
DROP FUNCTION responsibility_item_fixed();
DROP FUNCTION responsibility_template_fixed();
DROP FUNCTION responsibility_signature_fixed();
DROP FUNCTION responsibility_statement_fixed();
"""


class Migration(migrations.Migration):
    """Let the database refuse to change what was signed, used or locked."""

    replaces = [("responsibility", "0008_statements")]
    dependencies = [("responsibility", "0003_documents_stay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
