-- What the append-only triggers call.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: append-only', tg_op, tg_table_name USING ERRCODE = 'insufficient_privilege';
END
$$;
