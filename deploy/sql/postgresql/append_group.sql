-- Append batches of one institution in one round trip; none of them may rely on what another one changes.
--
-- A batch is refused where `findings` holds something of its command id, and appended otherwise, in the order in which
-- the batches were given, after the position `head`:
--
--   {command_id, digest, first_position, last_position, versions}   the command was carried out before
--   {command_id, checked, stream, expected, actual}                 a stream does not stand at the expected version
--
-- The row of log_head is locked first. Positions are therefore commit order, no later append of the institution can
-- overtake these, and recorded_at never goes back. Each statement below sees what was committed before the lock was
-- granted, which needs the isolation level READ COMMITTED. Nothing is written before it was checked.
--
-- The leaf of an entry is leaf_start ‖ position ‖ leaf_middle ‖ recorded_at ‖ leaf_end (services/event_log/leaf.py).
--
-- plan_cache_mode: PostgreSQL would take the length of each array for a reason to plan anew at every call. A plan may be as old
-- as the empty table, so each question here has one index that answers it and no other that could.
CREATE FUNCTION append_group(
    p_institution text, p_leaf_start bytea, p_commands append_command[], p_checks append_check[],
    p_events append_event[], p_texts append_text[],
    OUT head bigint, OUT findings jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_recorded timestamptz; -- of the entry at head
    v_refused  text[];      -- command ids
    v_count    bigint;      -- of the events that were appended, and the time of the last
    v_last     timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append_group needs the isolation level READ COMMITTED';
    END IF;

    LOOP
        SELECT h.position, h.recorded_at INTO head, v_recorded
        FROM log_head AS h WHERE h.institution = p_institution FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO log_head AS h (institution, position, recorded_at) VALUES (p_institution, 0, '-infinity')
        ON CONFLICT DO NOTHING;
    END LOOP;

    SELECT jsonb_agg(to_jsonb(f)), coalesce(array_agg(f.command_id), '{}') INTO findings, v_refused
    FROM (
        SELECT
            c.command_id, k.digest, k.first_position, k.last_position, k.versions,
            0 AS checked, NULL::text AS stream, NULL::bigint AS expected, NULL::bigint AS actual
        FROM unnest(p_commands) AS c
        CROSS JOIN LATERAL (
            SELECT d.digest, d.first_position, d.last_position, d.versions FROM command AS d
            WHERE d.institution = p_institution AND d.command_id = c.command_id
            ORDER BY d.institution, d.command_id LIMIT 1
        ) AS k
        UNION ALL
        SELECT s.command_id, NULL, NULL, NULL, NULL, s.checked, s.stream, s.expected, s.actual
        FROM (
            SELECT c.*, coalesce((
                SELECT e.version FROM event AS e
                WHERE e.institution = p_institution AND e.stream = c.stream
                ORDER BY e.version DESC LIMIT 1
            ), 0) AS actual
            FROM unnest(p_checks) AS c
        ) AS s
        WHERE s.expected <> s.actual
    ) AS f;

    WITH appended AS (
        INSERT INTO event (
            institution, position, stream, version, fiscal_year, type, recorded_at, effective_on, origin,
            actor_id, actor_role, actor_unit, command_id, idx, causation, correlation, payload, leaf_hash
        )
        SELECT
            p_institution, e.position, e.stream, e.version, e.fiscal_year, e.type, e.recorded_at, e.effective_on, e.origin,
            e.actor_id, e.actor_role, e.actor_unit, e.command_id, e.idx, e.causation, e.correlation, e.payload,
            sha256(
                p_leaf_start || int8send(e.position) || e.leaf_middle
                || int8send((extract(epoch FROM e.recorded_at) * 1000000)::bigint) || e.leaf_end
            )
        FROM (
            SELECT
                u.*, head + row_number() OVER so_far AS position,
                greatest(v_recorded, max(u.given) OVER so_far) AS recorded_at
            FROM unnest(p_events) AS u
            WHERE u.command_id <> ALL (v_refused)
            WINDOW so_far AS (ROWS UNBOUNDED PRECEDING)
        ) AS e
        RETURNING event.recorded_at
    )
    SELECT count(*), max(a.recorded_at) INTO v_count, v_last FROM appended AS a;

    IF v_count > 0 THEN
        INSERT INTO command (institution, command_id, digest, first_position, last_position, versions)
        SELECT p_institution, c.command_id, c.digest, c.last_position - c.events + 1, c.last_position, c.versions
        FROM (
            SELECT u.*, head + sum(u.events) OVER (ROWS UNBOUNDED PRECEDING) AS last_position
            FROM unnest(p_commands) AS u
            WHERE u.events > 0 AND u.command_id <> ALL (v_refused)
        ) AS c;

        IF cardinality(p_texts) > 0 THEN
            INSERT INTO sealed_text (institution, digest, salt, text)
            SELECT p_institution, t.digest, t.salt, t.text FROM unnest(p_texts) AS t
            WHERE t.command_id <> ALL (v_refused)
            ON CONFLICT DO NOTHING;
        END IF;

        UPDATE log_head AS h SET position = head + v_count, recorded_at = v_last WHERE h.institution = p_institution;
    ELSIF head = 0 THEN
        -- A log that was never appended to leaves no row behind; whoever waits for this one makes it anew.
        DELETE FROM log_head AS h WHERE h.institution = p_institution;
    END IF;
END
$$;
