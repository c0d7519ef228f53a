-- Planning costs more than running most of these statements, so cached plans are used. With many member values in the
-- call their number decides which plan is good: then each statement is planned for it.
CREATE OR REPLACE FUNCTION scim_plan_mode(p_values integer)
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
SELECT CASE WHEN p_values > 200 THEN 'force_custom_plan' ELSE 'force_generic_plan' END
$$;
