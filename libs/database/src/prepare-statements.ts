import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

/** Characters of a statement that its name begins with, so that it is seen which one it is: of a name PostgreSQL keeps 63. */
const SHOWN = 40;

/** The statements that are sent by name, by their text. */
const names = new Map<string, string>();

/**
 * Takes note of a statement that is sent often: every connection parses and plans it once, whoever sends its text with parameters.
 * For constants, of which a connection remembers each; returns the text.
 */
export function prepared(text: string): string {
  if (names.has(text)) return text;
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  names.set(text, `${text.slice(0, SHOWN).trimEnd()} ${hash}`);
  return text;
}

/** Lets a connection send prepared statements by name. TypeORM, which offers no names, hands their texts on as they are. */
export function prepareStatements(client: ClientBase): void {
  const query = client.query.bind(client) as (...sent: unknown[]) => unknown;
  client.query = ((...sent: unknown[]) => {
    const [text, values, ...rest] = sent;
    const name = typeof text === 'string' && Array.isArray(values) ? names.get(text) : undefined;
    return name === undefined ? query(...sent) : query({ name, text, values }, ...rest);
  }) as ClientBase['query'];
}
