/** Names under which secrets and bodies go. */
const SENSITIVE = new Set([
  'authorization',
  'cookie',
  'password',
  'secret',
  'secrets',
  'token',
  'body',
  'access_token',
  'accessToken',
  'client_secret',
  'clientSecret',
  'plain_secret',
  'plainSecret',
  'link_token',
  'linkToken',
  'secretKey',
  'databaseUrl',
  'databaseDirectUrl',
  'databaseOwnerUrl',
  'ownerUrl',
  'appUrl',
  'smtpUrl',
  'previousSecretKeys',
  'api_key',
  'apiKey',
  'redisUrl',
  'set-cookie',
]);

/** How deep it looks into objects. */
const DEPTH = 2;

/**
 * What is to be logged without what has the name of a secret or of a body, up to two objects deep: the same object when there is none, which
 * is nearly always. Errors are left as they are; what is logged of them is chosen elsewhere.
 */
export function removeSecrets(fields: Record<string, unknown>, depth = DEPTH): Record<string, unknown> {
  let cleaned: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(fields)) {
    if (SENSITIVE.has(key)) {
      cleaned ??= { ...fields };
      Reflect.deleteProperty(cleaned, key);
      continue;
    }
    if (depth === 0 || typeof value !== 'object' || value === null || value instanceof Error) continue;
    const inner = removeFrom(value, depth - 1);
    if (inner !== value) (cleaned ??= { ...fields })[key] = inner;
  }
  return cleaned ?? fields;
}

function removeFrom(value: object, depth: number): object {
  if (!Array.isArray(value)) return removeSecrets(value as Record<string, unknown>, depth);
  const items = value.map((item: unknown) =>
    typeof item === 'object' && item !== null && depth > 0 ? removeFrom(item, depth - 1) : item,
  );
  return items.some((item, index) => item !== value[index]) ? items : value;
}
