-- Append batches of one institution, one after the other: all in one round trip, and every outcome is a row.
--
--   appended   the events are in the log
--   unchanged  there was nothing to append
--   repeated   the command was carried out before; this is its first result
--   reused     the command id belongs to a command with another digest
--   conflict   a stream does not stand at the expected version (stream, expected, actual)
--
-- The row of log_head is locked first. Positions are therefore commit order, no later append of the institution can
-- overtake these, and recorded_at never goes back. Each statement below sees what was committed before the lock was
-- granted, which needs the isolation level READ COMMITTED.
--
-- Nothing is written before it was checked: each turn of the loop looks for the first batch that is refused if all
-- those before it are appended, appends these in one statement, and goes on behind the refused one.
--
-- Arrays with one element for each batch come first; p_ends counts the events up to and including those of a batch.
-- The others are in the order of their batches, whose numbers (from 1) stand beside them. checks: guards first, then
-- written streams, with the number of events that the batch adds to the stream.
CREATE FUNCTION append_batches(
    p_institution text,
    p_command_ids text[], p_digests text[], p_actor_ids text[], p_actor_roles text[], p_actor_units text[],
    p_origins text[], p_causations bigint[], p_recorded_at timestamptz[], p_versions_after text[], p_ends bigint[],
    p_check_batches bigint[], p_check_streams text[], p_check_expected bigint[], p_check_added bigint[],
    p_event_batches bigint[], p_streams text[], p_versions bigint[], p_types text[], p_payloads bytea[],
    p_effective_on date[], p_fiscal_years bigint[], p_correlations text[],
    p_sealed_batches bigint[], p_sealed_digests text[], p_sealed_salts bytea[], p_sealed_texts text[]
) RETURNS TABLE (
    batch bigint, outcome text, first_position bigint, last_position bigint, versions_after text,
    conflict_stream text, conflict_expected bigint, conflict_actual bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    v_count     constant bigint := cardinality(p_command_ids);
    v_head      bigint;
    v_recorded  timestamptz; -- of the entry at v_head
    v_from      bigint := 1; -- the first batch without an outcome
    v_until     bigint;      -- the first one behind it that is refused, or v_count + 1
    v_base      bigint;      -- the event with number n (from 1, of all that were given) gets the position v_base + n
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append_batches needs the isolation level READ COMMITTED';
    END IF;

    LOOP
        SELECT h.position, h.recorded_at INTO v_head, v_recorded
        FROM log_head AS h WHERE h.institution = p_institution FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO log_head AS h (institution, position, recorded_at) VALUES (p_institution, 0, '-infinity')
        ON CONFLICT DO NOTHING;
    END LOOP;

    WHILE v_from <= v_count LOOP
        -- "later": a command id comes a second time; it is looked at again when the first of the two has been appended.
        SELECT r.batch, r.outcome, r.first_position, r.last_position, r.versions, r.stream, r.expected, r.actual
        INTO v_until, outcome, first_position, last_position, versions_after,
            conflict_stream, conflict_expected, conflict_actual
        FROM (
            SELECT
                b.batch, 0 AS n, CASE WHEN c.digest = b.digest THEN 'repeated' ELSE 'reused' END AS outcome,
                c.first_position, c.last_position, c.versions,
                NULL::text AS stream, NULL::bigint AS expected, NULL::bigint AS actual
            FROM unnest(p_command_ids, p_digests) WITH ORDINALITY AS b (command_id, digest, batch)
            CROSS JOIN LATERAL (
                SELECT k.digest, k.first_position, k.last_position, k.versions FROM command AS k
                WHERE k.institution = p_institution AND k.command_id = b.command_id
                ORDER BY k.institution, k.command_id LIMIT 1
            ) AS c
            WHERE b.batch >= v_from
            UNION ALL
            SELECT t.batch, 0, 'later', NULL, NULL, NULL, NULL, NULL, NULL
            FROM (
                SELECT b.batch, row_number() OVER (PARTITION BY b.command_id ORDER BY b.batch) AS nth
                FROM unnest(p_command_ids) WITH ORDINALITY AS b (command_id, batch)
                WHERE b.batch >= v_from
            ) AS t
            WHERE t.nth = 2
            UNION ALL
            SELECT s.batch, s.n, 'conflict', NULL, NULL, NULL, s.stream, s.expected, s.actual
            FROM (
                SELECT
                    w.batch, w.n, w.stream, w.expected,
                    coalesce(e.version, 0) + coalesce(sum(w.added) OVER (
                        PARTITION BY w.stream ORDER BY w.batch RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    ), 0)::bigint AS actual
                FROM unnest(p_check_batches, p_check_streams, p_check_expected, p_check_added)
                    WITH ORDINALITY AS w (batch, stream, expected, added, n)
                LEFT JOIN LATERAL (
                    SELECT v.version FROM event AS v
                    WHERE v.institution = p_institution AND v.stream = w.stream
                    ORDER BY v.version DESC LIMIT 1
                ) AS e ON true
                WHERE w.batch >= v_from
            ) AS s
            WHERE s.expected <> s.actual
        ) AS r
        ORDER BY r.batch, r.n LIMIT 1;
        v_until := coalesce(v_until, v_count + 1);

        IF v_until > v_from THEN
            v_base := v_head - coalesce(p_ends[v_from - 1], 0);
            RETURN QUERY
            WITH b AS MATERIALIZED (
                SELECT
                    g.*, g.until > g.before AS has_events,
                    greatest(
                        v_recorded, max(g.given) FILTER (WHERE g.until > g.before) OVER (ORDER BY g.batch)
                    ) AS recorded_at
                FROM (
                    SELECT u.*, coalesce(p_ends[u.batch - 1], 0) AS before
                    FROM unnest(
                        p_command_ids, p_digests, p_actor_ids, p_actor_roles, p_actor_units, p_origins, p_causations,
                        p_recorded_at, p_versions_after, p_ends
                    ) WITH ORDINALITY AS u (
                        command_id, digest, actor_id, actor_role, actor_unit, origin, causation, given, versions, until,
                        batch
                    )
                    WHERE u.batch >= v_from AND u.batch < v_until
                ) AS g
            ), commands AS (
                INSERT INTO command (institution, command_id, digest, first_position, last_position, versions)
                SELECT p_institution, b.command_id, b.digest, v_base + b.before + 1, v_base + b.until, b.versions
                FROM b WHERE b.has_events
            ), events AS (
                INSERT INTO event (
                    institution, position, stream, version, fiscal_year, type, recorded_at, effective_on, origin,
                    actor_id, actor_role, actor_unit, command_id, idx, causation, correlation, payload, leaf_hash
                )
                SELECT
                    p_institution, v_base + e.n, e.stream, e.version, e.fiscal_year, e.type, b.recorded_at,
                    e.effective_on, b.origin, b.actor_id, b.actor_role, b.actor_unit, b.command_id, e.n - b.before - 1,
                    b.causation, e.correlation, e.payload,
                    leaf_hash(
                        p_institution, v_base + e.n, e.stream, e.version, e.fiscal_year, e.type, b.recorded_at,
                        e.effective_on, b.origin, b.actor_id, b.actor_role, b.actor_unit, b.command_id,
                        e.n - b.before - 1, b.causation, e.correlation, e.payload
                    )
                FROM unnest(
                    p_event_batches, p_streams, p_versions, p_types, p_payloads, p_effective_on, p_fiscal_years,
                    p_correlations
                ) WITH ORDINALITY AS e (
                    batch, stream, version, type, payload, effective_on, fiscal_year, correlation, n
                )
                JOIN b ON b.batch = e.batch
            ), texts AS (
                INSERT INTO sealed_text (institution, digest, salt, text)
                SELECT p_institution, s.digest, s.salt, s.text
                FROM unnest(p_sealed_batches, p_sealed_digests, p_sealed_salts, p_sealed_texts)
                    AS s (batch, digest, salt, text)
                JOIN b ON b.batch = s.batch AND b.has_events
                ON CONFLICT DO NOTHING
            )
            SELECT
                b.batch, CASE WHEN b.has_events THEN 'appended' ELSE 'unchanged' END, v_base + b.before + 1,
                v_base + b.until, b.versions, NULL::text, NULL::bigint, NULL::bigint
            FROM b;
            v_head := v_base + p_ends[v_until - 1];
            SELECT greatest(v_recorded, max(g.given)) INTO v_recorded
            FROM unnest(p_recorded_at, p_ends) WITH ORDINALITY AS g (given, until, batch)
            WHERE g.batch >= v_from AND g.batch < v_until AND g.until > coalesce(p_ends[g.batch - 1], 0);
        END IF;

        v_from := v_until;
        IF outcome <> 'later' THEN
            batch := v_until;
            RETURN NEXT;
            v_from := v_until + 1;
        END IF;
    END LOOP;

    IF v_head = 0 THEN
        -- A log that was never appended to leaves no row behind; whoever waits for this one makes it anew.
        DELETE FROM log_head AS h WHERE h.institution = p_institution;
    ELSE
        UPDATE log_head AS h SET position = v_head, recorded_at = v_recorded
        WHERE h.institution = p_institution AND h.position < v_head;
    END IF;
END
$$;
