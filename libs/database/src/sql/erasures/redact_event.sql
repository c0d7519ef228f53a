-- The body of an event in which one user, named by the id that events carry, is only an id: its own events lose every value, those
-- of a group its e-mail address and external id. The rest stays as it was rendered, and `"erased":true` stands before the data.
CREATE OR REPLACE FUNCTION redact_event(p_body text, p_user text)
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT '{' || string_agg(CASE
    WHEN e.key = 'data' THEN '"erased":true,"data":' || CASE WHEN e.value ->> 'id' = p_user
      THEN redact_values(e.value) ELSE redact_members(e.value, p_user) END
    WHEN e.key = 'previous_attributes' THEN '"previous_attributes":' || redact_values(e.value)
    ELSE to_json(e.key)::text || ':' || e.value::text END, ',' ORDER BY e.place) || '}'
FROM json_each(p_body::json) WITH ORDINALITY AS e (key, value, place)
WHERE e.key <> 'erased'
$$;
