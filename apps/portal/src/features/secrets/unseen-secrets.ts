import type { Directory } from '@rollcall/sdk';

/** Attempts to issue a token of a directory of which no answer arrived: which tokens are not theirs. */
export interface Unanswered {
  /** The tokens there were before the first attempt, and those that were issued and shown since. */
  known: ReadonlySet<string>;
  /** Whether one was issued and shown since the last attempt. */
  isOvercome: boolean;
}

type Secrets = Pick<Directory, 'secrets'>;

/** One more attempt without an answer, at a directory whose tokens were read before it. */
export function addAttempt(present: Unanswered | undefined, { secrets }: Secrets): Unanswered {
  return { known: present?.known ?? new Set(secrets.map(({ id }) => id)), isOvercome: false };
}

/** A token was issued and shown. */
export function addShown({ known }: Unanswered, secretId: string): Unanswered {
  return { known: new Set([...known, secretId]), isOvercome: true };
}

/** The tokens of a directory that such an attempt has made as far as can be told: nobody knows them. Whoever uses one does. */
export function findUnseen<Secret extends { id: string; last_used_time: string | null }>(
  unanswered: Unanswered | undefined,
  secrets: readonly Secret[],
): Secret[] {
  if (!unanswered) return [];
  return secrets.filter(({ id, last_used_time }) => last_used_time === null && !unanswered.known.has(id));
}
