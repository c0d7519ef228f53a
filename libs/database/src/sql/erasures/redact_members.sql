-- The data of a group_members_changed event, in which one user is only an id: everything else stays as it is.
CREATE OR REPLACE FUNCTION redact_members(p_data json, p_user text)
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT '{' || string_agg(to_json(d.key)::text || ':' || CASE WHEN d.key IN ('added', 'removed')
    THEN (SELECT '[' || coalesce(string_agg(
        CASE WHEN m.value ->> 'id' = p_user THEN redact_values(m.value) ELSE m.value::text END, ',' ORDER BY m.place), '') || ']'
      FROM json_array_elements(d.value) WITH ORDINALITY AS m (value, place))
    ELSE d.value::text END, ',' ORDER BY d.place) || '}'
FROM json_each(p_data) WITH ORDINALITY AS d (key, value, place)
$$;
