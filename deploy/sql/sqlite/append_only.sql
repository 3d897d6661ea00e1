-- Entries and results of commands are never changed; sealed text may be erased but not changed.
-- INSERT OR REPLACE deletes without firing a trigger for DELETE, hence the triggers before INSERT.
CREATE TRIGGER event_is_not_updated BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'event is append-only');
END;

CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'event is append-only');
END;

CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE institution = NEW.institution AND position >= NEW.position)
  OR EXISTS (SELECT 1 FROM event WHERE institution = NEW.institution AND stream = NEW.stream AND version >= NEW.version)
  OR EXISTS (SELECT 1 FROM event WHERE rowid = NEW.rowid)
BEGIN
    SELECT raise(ABORT, 'event is append-only');
END;

CREATE TRIGGER command_is_not_updated BEFORE UPDATE ON command
BEGIN
    SELECT raise(ABORT, 'command is append-only');
END;

CREATE TRIGGER command_is_not_deleted BEFORE DELETE ON command
BEGIN
    SELECT raise(ABORT, 'command is append-only');
END;

CREATE TRIGGER command_is_not_replaced BEFORE INSERT ON command
WHEN EXISTS (SELECT 1 FROM command WHERE institution = NEW.institution AND command_id = NEW.command_id)
BEGIN
    SELECT raise(ABORT, 'command is append-only');
END;

CREATE TRIGGER sealed_text_is_not_updated BEFORE UPDATE ON sealed_text
BEGIN
    SELECT raise(ABORT, 'sealed_text is not changed');
END;
