-- The expression of a table's key, as one text, for statements that name the table t. All but the last column are ids, which have no
-- blank.
CREATE OR REPLACE FUNCTION configuration_key(p_columns text[])
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT 'concat_ws('' '', ' || string_agg(format('t.%I', k.name), ', ' ORDER BY k.ordinality) || ')'
FROM unnest(p_columns) WITH ORDINALITY AS k (name, ordinality)
$$;
