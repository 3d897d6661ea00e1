-- The application reads, and appends through the one function; it owns nothing and so can lift no trigger.
REVOKE ALL ON FUNCTION append_group FROM PUBLIC;
REVOKE ALL ON event, log_head, command, sealed_text FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sakip_app;
GRANT SELECT ON event, log_head, command, sealed_text TO sakip_app;
GRANT EXECUTE ON FUNCTION append_group TO sakip_app;
