const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request of this method changes nothing (RFC 9110, section 9.2.1). */
export function isSafe({ method }: { method: string }): boolean {
  return SAFE_METHODS.has(method);
}
