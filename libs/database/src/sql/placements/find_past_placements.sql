-- The cells that have events of a directory from before it was moved, oldest first: each has those up to last_sequence that the one
-- before it has not. Asked in the control cell.
CREATE OR REPLACE FUNCTION find_past_placements(p_directory_id text)
RETURNS TABLE (ordinal integer, cell text, last_sequence bigint)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT p.ordinal, p.cell, p.last_sequence FROM past_placements p WHERE p.directory_id = p_directory_id ORDER BY p.ordinal
$$;
