-- One field of a leaf: four bytes of length and the bytes, or the length -1 for a null.
CREATE FUNCTION leaf_field(bytes bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(int4send(octet_length(bytes)) || bytes, '\xffffffff'::bytea);
