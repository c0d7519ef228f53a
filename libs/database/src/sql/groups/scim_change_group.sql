-- Applies membership steps in order and, when p_resource is given, replaces the attributes if the group is still at
-- p_expected_version. Steps: [{"kind": …, "values": […]}]. Nothing changed = nothing written, outcome 'unchanged'.
-- A taken displayName raises unique_violation (constraint directory_groups_display_name).
CREATE OR REPLACE FUNCTION scim_change_group(
  p_directory_id text, p_secret_id text, p_secret_version integer, p_request_id text,
  p_id text, p_expected_version integer, p_resource jsonb, p_display_name_key text, p_external_id text, p_steps jsonb,
  OUT state text, OUT touch boolean, OUT outcome text, OUT version integer, OUT last_modified timestamptz
)
LANGUAGE plpgsql
AS $$
DECLARE
  settings text;
  admission record;
  step jsonb;
  step_values text[];
  effect record;
  added text[] := ARRAY[]::text[]; removed text[] := ARRAY[]::text[];
BEGIN
  settings := set_config('rollcall.directory_id', p_directory_id, true) ||
    set_config('rollcall.request_id', p_request_id, true) || set_config('plan_cache_mode', 'force_generic_plan', true);
  admission := authorize_directory_secret(p_directory_id, p_secret_id, p_secret_version);
  state := admission.state;
  touch := admission.touch;
  IF state <> 'ok' THEN RETURN; END IF;
  SELECT g.version, g.last_modified INTO version, last_modified FROM directory_groups g
    WHERE g.directory_id = p_directory_id AND g.id = p_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  ELSIF version <> p_expected_version THEN
    outcome := 'conflict';
    RETURN;
  END IF;
  FOR i IN 0 .. coalesce(jsonb_array_length(p_steps), 0) - 1 LOOP
    step := p_steps->i;
    IF i = 0 AND jsonb_array_length(step->'values') = 1
        AND scim_move_member(p_directory_id, p_id, step->>'kind', step->'values'->>0) THEN
      added := CASE step->>'kind' WHEN 'add' THEN ARRAY[step->'values'->>0] ELSE '{}' END;
      removed := CASE step->>'kind' WHEN 'add' THEN '{}' ELSE ARRAY[step->'values'->>0] END;
      CONTINUE;
    END IF;
    step_values := ARRAY(SELECT jsonb_array_elements_text(coalesce(step->'values', '[]')));
    settings := set_config('plan_cache_mode', scim_plan_mode(cardinality(step_values)), true);
    effect := scim_apply_member_step(p_directory_id, p_id, step->>'kind', step_values, admission.strict_mode, added, removed);
    added := effect.added;
    removed := effect.removed;
  END LOOP;
  IF p_resource IS NULL AND cardinality(added) = 0 AND cardinality(removed) = 0 THEN
    outcome := 'unchanged';
    RETURN;
  END IF;
  last_modified := date_trunc('milliseconds', clock_timestamp());
  version := version + 1;
  IF p_resource IS NULL THEN
    UPDATE directory_groups g SET version = scim_change_group.version, last_modified = scim_change_group.last_modified
      WHERE g.directory_id = p_directory_id AND g.id = p_id;
  ELSE
    UPDATE directory_groups g SET version = scim_change_group.version, last_modified = scim_change_group.last_modified,
        resource = p_resource, external_id = p_external_id,
        display_name_key = CASE WHEN g.resource ->> 'displayName' = p_resource ->> 'displayName' THEN g.display_name_key
          ELSE p_display_name_key END
      WHERE g.directory_id = p_directory_id AND g.id = p_id;
    INSERT INTO changes (directory_id, kind, resource_id, resource, occurred_at)
      VALUES (p_directory_id, 'group_written', p_id, p_resource, last_modified);
  END IF;
  IF cardinality(added) + cardinality(removed) > 0 THEN
    PERFORM scim_record_member_changes(p_directory_id, p_id, added, removed, last_modified);
  END IF;
  outcome := 'ok';
END
$$;
