import { readPreferences } from './read-preferences';

/** Codings in which an answer may leave (RFC 9110 §8.4.1), the smaller one first. */
export const ANSWER_CODINGS = ['br', 'gzip'] as const;

export type AnswerCoding = (typeof ANSWER_CODINGS)[number];

/**
 * The coding in which a client takes an answer (RFC 9110 §12.5.3), null for as it is: that is what one gets that names none, or
 * would rather have it plain.
 * @param acceptEncoding the header Accept-Encoding
 * @param offered what there is; of several that the client likes as well, the first
 */
export function chooseCoding<Coding extends AnswerCoding>(
  acceptEncoding: string | undefined,
  offered: readonly Coding[],
): Coding | null {
  if (acceptEncoding === undefined) return null;
  const preferences = readPreferences(acceptEncoding);
  const weightOf = (coding: Coding) => preferences.get(coding) ?? otherWeight(preferences, coding);
  const best = offered.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
  if (best === undefined || weightOf(best) === 0) return null;
  return weightOf(best) < (preferences.get('identity') ?? 0) ? null : best;
}

/** `x-gzip` is gzip (RFC 9110 §8.4.1.3), and `*` is whatever is not named. */
function otherWeight(preferences: Map<string, number>, coding: AnswerCoding): number {
  return (coding === 'gzip' ? preferences.get('x-gzip') : undefined) ?? preferences.get('*') ?? 0;
}
