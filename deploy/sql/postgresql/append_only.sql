-- Entries and results of commands are never changed; sealed text may be erased but not changed. The triggers fire for
-- everyone, in every replication role; only the owner of a table can lift them.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE event ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON command
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE command ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER erase_only BEFORE UPDATE OR TRUNCATE ON sealed_text
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE sealed_text ENABLE ALWAYS TRIGGER erase_only;
