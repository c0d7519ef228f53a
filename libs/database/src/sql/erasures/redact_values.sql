-- An object of an event without what tells about a person, as compact JSON in the same order: the ids of the object, its organization
-- and its directory stay, those of before an import too, and what is true or false; lists and objects of free keys become empty,
-- everything else null.
CREATE OR REPLACE FUNCTION redact_values(p_object json)
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT '{' || coalesce(string_agg(to_json(v.key)::text || ':' || CASE
    WHEN v.key IN ('id', 'organization_id', 'directory_id', 'external_ids') OR json_typeof(v.value) = 'boolean' THEN v.value::text
    WHEN json_typeof(v.value) = 'array' THEN '[]'
    WHEN json_typeof(v.value) = 'object' AND v.key IN ('custom_attributes', 'raw_attributes') THEN '{}'
    ELSE 'null' END, ',' ORDER BY v.place), '') || '}'
FROM json_each(p_object) WITH ORDINALITY AS v (key, value, place)
$$;
