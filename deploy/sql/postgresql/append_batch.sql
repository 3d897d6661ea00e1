-- Append one batch of one institution: everything in one round trip, and every outcome is a row.
--
--   appended   the events are in the log
--   unchanged  there was nothing to append
--   repeated   the command was carried out before; this is its first result
--   reused     the command id belongs to a command with another digest
--   conflict   a stream does not stand at the expected version (stream, expected, actual)
--
-- The row of log_head is locked first. Positions are therefore commit order, no later append of the institution can
-- overtake this one, and recorded_at never goes back. Each statement below sees what was committed before the lock was
-- granted, which needs the isolation level READ COMMITTED.
--
-- checks: guards first, then written streams. The arrays of events are parallel, in the order of their positions.
CREATE FUNCTION append_batch(
    p_institution text, p_command_id text, p_digest text,
    p_actor_id text, p_actor_role text, p_actor_unit text, p_origin text, p_causation bigint, p_recorded_at timestamptz,
    p_check_streams text[], p_check_expected bigint[], p_versions_after text,
    p_streams text[], p_versions bigint[], p_types text[], p_payloads bytea[], p_effective_on date[],
    p_fiscal_years bigint[], p_correlations text[],
    p_sealed_digests text[], p_sealed_salts bytea[], p_sealed_texts text[],
    OUT outcome text, OUT first_position bigint, OUT last_position bigint, OUT versions_after text,
    OUT conflict_stream text, OUT conflict_expected bigint, OUT conflict_actual bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    v_head      bigint;
    v_earliest  timestamptz;
    v_digest    text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append_batch needs the isolation level READ COMMITTED';
    END IF;

    LOOP
        SELECT h.position, h.recorded_at INTO v_head, v_earliest
        FROM log_head AS h WHERE h.institution = p_institution FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO log_head AS h (institution, position, recorded_at) VALUES (p_institution, 0, '-infinity')
        ON CONFLICT DO NOTHING;
    END LOOP;
    p_recorded_at := greatest(p_recorded_at, v_earliest);

    SELECT c.digest, c.first_position, c.last_position, c.versions
    INTO v_digest, first_position, last_position, versions_after
    FROM command AS c WHERE c.institution = p_institution AND c.command_id = p_command_id;
    IF FOUND THEN
        outcome := CASE WHEN v_digest = p_digest THEN 'repeated' ELSE 'reused' END;
        RETURN;
    END IF;

    SELECT w.stream, w.expected, coalesce(e.version, 0)
    INTO conflict_stream, conflict_expected, conflict_actual
    FROM unnest(p_check_streams, p_check_expected) WITH ORDINALITY AS w (stream, expected, n)
    LEFT JOIN LATERAL (
        SELECT s.version FROM event AS s
        WHERE s.institution = p_institution AND s.stream = w.stream
        ORDER BY s.version DESC LIMIT 1
    ) AS e ON true
    WHERE w.expected <> coalesce(e.version, 0)
    ORDER BY w.n LIMIT 1;
    IF FOUND THEN
        outcome := 'conflict';
    ELSIF cardinality(p_streams) = 0 THEN
        outcome := 'unchanged';
    END IF;
    first_position := v_head + 1;
    last_position := v_head + cardinality(p_streams);
    versions_after := p_versions_after;
    IF outcome IS NOT NULL THEN
        -- A log that was never appended to leaves no row behind; whoever waits for this one makes it anew.
        DELETE FROM log_head AS h WHERE h.institution = p_institution AND h.position = 0;
        RETURN;
    END IF;

    INSERT INTO command (institution, command_id, digest, first_position, last_position, versions)
    VALUES (p_institution, p_command_id, p_digest, first_position, last_position, versions_after);

    INSERT INTO event (
        institution, position, stream, version, fiscal_year, type, recorded_at, effective_on, origin, actor_id,
        actor_role, actor_unit, command_id, idx, causation, correlation, payload, leaf_hash
    )
    SELECT
        p_institution, v_head + n.n, n.stream, n.version, n.fiscal_year, n.type, p_recorded_at, n.effective_on, p_origin,
        p_actor_id, p_actor_role, p_actor_unit, p_command_id, n.n - 1, p_causation, n.correlation, n.payload,
        leaf_hash(
            p_institution, v_head + n.n, n.stream, n.version, n.fiscal_year, n.type, p_recorded_at, n.effective_on,
            p_origin, p_actor_id, p_actor_role, p_actor_unit, p_command_id, n.n - 1, p_causation, n.correlation, n.payload
        )
    FROM unnest(
        p_streams, p_versions, p_fiscal_years, p_types, p_effective_on, p_correlations, p_payloads
    ) WITH ORDINALITY AS n (stream, version, fiscal_year, type, effective_on, correlation, payload, n);

    INSERT INTO sealed_text (institution, digest, salt, text)
    SELECT p_institution, s.digest, s.salt, s.text
    FROM unnest(p_sealed_digests, p_sealed_salts, p_sealed_texts) AS s (digest, salt, text)
    ON CONFLICT DO NOTHING;

    UPDATE log_head AS h SET position = last_position, recorded_at = p_recorded_at WHERE h.institution = p_institution;
    outcome := 'appended';
END
$$;
