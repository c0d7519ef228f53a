import type { DirectorySecret } from '@rollcall/sdk';
import { MINUTE_MS } from '../../shared/format/time-units';

/** Tokens that were used this close to each other are in use side by side: a use is written down once a minute. */
const TOGETHER_MS = 10 * MINUTE_MS;

type Used = Pick<DirectorySecret, 'id' | 'last_used_time'>;

/** The ids of the tokens that the identity provider calls with: the one that was used last, and those that were about when it was. */
export function findInUse(secrets: readonly Used[]): ReadonlySet<string> {
  const uses = secrets.flatMap(({ id, last_used_time }) =>
    last_used_time === null ? [] : [{ id, at: Date.parse(last_used_time) }],
  );
  const latest = Math.max(...uses.map(({ at }) => at));
  return new Set(uses.filter(({ at }) => latest - at <= TOGETHER_MS).map(({ id }) => id));
}
