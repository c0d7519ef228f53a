-- Removes a member who has no role in any environment any more, with everything that proved it. Whoever is giving it a role meanwhile is
-- waited for before the roles are looked at: the deletion alone would wait as well, and then go by the roles of before.
CREATE OR REPLACE FUNCTION delete_member_without_roles(p_member_id text)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT 1 FROM members m WHERE m.id = p_member_id FOR UPDATE;
DELETE FROM members m WHERE m.id = p_member_id AND NOT EXISTS (SELECT 1 FROM member_roles r WHERE r.member_id = m.id)
$$;
