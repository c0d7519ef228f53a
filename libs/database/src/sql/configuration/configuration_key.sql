-- The expression of a table's key, as one text, for statements that name the table t.
CREATE OR REPLACE FUNCTION configuration_key(p_columns text[])
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT 'jsonb_build_array(' || string_agg(format('t.%I', k.name), ', ' ORDER BY k.ordinality) || ')::text'
FROM unnest(p_columns) WITH ORDINALITY AS k (name, ordinality)
$$;
