/** What the token endpoint answers (RFC 6749 §5.1). */
export interface IssuedToken {
  access_token: string;
  /** Seconds. */
  expires_in: number;
}

/** The client's current access token. */
export interface AccessTokenSource {
  /** The cached token, or a new one; callers at the same time share one request. */
  get(): Promise<string>;
  /** The server refused this token: the next `get` asks for another. False when there is no other. */
  forget(token: string): boolean;
}

/** A token is replaced this long before it expires, or after half its life if that is shorter. */
const MARGIN_MS = 60_000;

/**
 * Caches access tokens.
 * @param request asks the token endpoint; a failure is not remembered
 * @param now milliseconds since 1970
 */
export function cacheAccessToken(request: () => Promise<IssuedToken>, now: () => number): AccessTokenSource {
  let current: { token: string; usableUntil: number } | null = null;
  let pending: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const askedAt = now();
    const { access_token: token, expires_in: seconds } = await request();
    current = { token, usableUntil: askedAt + seconds * 1000 - Math.min(MARGIN_MS, seconds * 500) };
    return token;
  }

  return {
    async get() {
      if (current && now() < current.usableUntil) return current.token;
      pending ??= renew().finally(() => {
        pending = null;
      });
      return pending;
    },
    forget(token) {
      if (current?.token === token) current = null;
      return true;
    },
  };
}

/** An API key goes in the place of an access token, for good. */
export function fixedToken(apiKey: string): AccessTokenSource {
  return { get: () => Promise.resolve(apiKey), forget: () => false };
}
