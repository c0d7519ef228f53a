import { sqlState } from './tenant-transaction';

/** Why PostgreSQL cannot take what a client sent: the client has to correct it, it is no failure of ours. */
export type Refusal = 'unstorable_text' | 'value_too_long' | 'too_deep';

const REFUSALS: Record<string, Refusal> = {
  // U+0000 or half a surrogate pair.
  '22021': 'unstorable_text',
  '22P05': 'unstorable_text',
  // Longer than an index row may be.
  '54000': 'value_too_long',
  '54001': 'too_deep',
};

/** The refusal that an error of a statement means, or undefined for every other error. */
export function explainRefusal(error: unknown): Refusal | undefined {
  return REFUSALS[sqlState(error) ?? ''];
}
