-- Whether a request was refused for its token, which the next accepted one makes good: TOKEN_REFUSALS of libs/contract.
CREATE OR REPLACE FUNCTION is_token_refusal(p_reason text)
RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
SELECT p_reason IN ('invalid_token', 'expired', 'revoked', 'too_many_attempts')
$$;
