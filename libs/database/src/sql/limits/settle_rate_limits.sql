-- Takes what a process has spent of rate limits, by key, and answers what is left of each in all processes, which may be less than
-- nothing. Called in the background. The keys are locked in their order, as every process does.
CREATE OR REPLACE FUNCTION settle_rate_limits(
  p_keys text[], p_spent double precision[], p_per_second double precision[], p_burst double precision[]
)
RETURNS TABLE (key text, tokens double precision)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  IF random() < 0.001 THEN
    DELETE FROM rate_limits l WHERE l.at < now() - interval '1 hour';
  END IF;
  RETURN QUERY INSERT INTO rate_limits AS l (key, tokens, per_second, burst, at)
    SELECT s.key, s.burst - s.spent, s.per_second, s.burst, clock_timestamp()
    FROM unnest(p_keys, p_spent, p_per_second, p_burst) AS s (key, spent, per_second, burst)
    ORDER BY s.key COLLATE "C"
  ON CONFLICT ON CONSTRAINT rate_limits_pkey DO UPDATE SET
    tokens = least(excluded.burst, l.tokens + greatest(extract(epoch FROM excluded.at - l.at)::double precision, 0) * excluded.per_second)
      - (excluded.burst - excluded.tokens),
    per_second = excluded.per_second, burst = excluded.burst, at = excluded.at
  RETURNING l.key, l.tokens;
END
$$;
