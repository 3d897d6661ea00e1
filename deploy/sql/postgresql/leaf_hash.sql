-- SHA-256(00 ‖ leaf.v1) of one entry; services/event_log/leaf.py documents the bytes and computes the same.
CREATE FUNCTION leaf_hash(
    p_institution text, p_position bigint, p_stream text, p_version bigint, p_fiscal_year bigint, p_type text,
    p_recorded_at timestamptz, p_effective_on date, p_origin text, p_actor_id text, p_actor_role text,
    p_actor_unit text, p_command_id text, p_idx bigint, p_causation bigint, p_correlation text, p_payload bytea
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    '\x00'::bytea
    || leaf_field('leaf.v1'::bytea)
    || leaf_field(convert_to(p_institution, 'UTF8'))
    || leaf_field(int8send(p_position))
    || leaf_field(convert_to(p_stream, 'UTF8'))
    || leaf_field(int8send(p_version))
    || leaf_field(int8send(p_fiscal_year))
    || leaf_field(convert_to(p_type, 'UTF8'))
    || leaf_field(int8send((extract(epoch FROM p_recorded_at) * 1000000)::bigint))
    || leaf_field(convert_to(to_char(p_effective_on, 'YYYY-MM-DD'), 'UTF8'))
    || leaf_field(convert_to(p_origin, 'UTF8'))
    || leaf_field(convert_to(p_actor_id, 'UTF8'))
    || leaf_field(convert_to(p_actor_role, 'UTF8'))
    || leaf_field(convert_to(p_actor_unit, 'UTF8'))
    || leaf_field(convert_to(p_command_id, 'UTF8'))
    || leaf_field(int8send(p_idx))
    || leaf_field(int8send(p_causation))
    || leaf_field(convert_to(p_correlation, 'UTF8'))
    || leaf_field(sha256(p_payload))
);
