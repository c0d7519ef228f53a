import type { EntityManager } from 'typeorm';
import { FOUND_MAX } from '@rollcall/contract';
import { runStatement } from '@rollcall/database';
import { afterPrefix, readSearch } from '@rollcall/directory';

/** Adds a parameter to a statement and returns its place. */
export type AddParameter = (value: unknown) => string;

/** A search as SQL. */
export interface PeopleSearch {
  /** A relation `f (id)` of those who may be found, at most FOUND_MAX, in the order of their ids: a page in that order reads no more. */
  from: string;
  /** What whoever is found fulfils as well. */
  conditions: string[];
}

/**
 * Finds users or groups of a directory by how their terms begin (`userTerms`, `groupTerms` of libs/directory). The word that fewest
 * have is looked up along the index, the others are looked for among those it finds.
 */
export async function searchPeople(
  manager: EntityManager,
  kind: 'user' | 'group',
  { directoryId, text }: { directoryId: string; text: string },
  add: AddParameter,
): Promise<PeopleSearch> {
  const words = readSearch(text);
  const counts = await countTerms(manager, kind, directoryId, words);
  const [rarest, ...others] = words.toSorted((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  if (rarest === undefined) return { from: '(SELECT NULL::text AS id WHERE false) f', conditions: [] };
  const within = (word: string) =>
    `t.directory_id = $1 AND t.kind = '${kind}' AND t.term >= ${add(word)}::text AND t.term < ${add(afterPrefix(word))}::text`;
  return {
    from: `(SELECT DISTINCT t.id FROM (
        SELECT t.id FROM search_terms t WHERE ${within(rarest)} ORDER BY t.term, t.id LIMIT ${FOUND_MAX}) t ORDER BY t.id) f`,
    // OFFSET 0 keeps the planner from joining all that a common word finds: who was found is looked up one by one.
    conditions: others.map(
      (word) => `EXISTS (SELECT 1 FROM search_terms t WHERE t.id = f.id AND ${within(word)} OFFSET 0)`,
    ),
  };
}

/** How many terms begin with each word, up to FOUND_MAX. */
async function countTerms(
  manager: EntityManager,
  kind: string,
  directoryId: string,
  words: readonly string[],
): Promise<Map<string, number>> {
  if (words.length < 2) return new Map();
  const { rows } = await runStatement<{ word: string; found: string }>(
    manager,
    `SELECT w.word, n.found FROM unnest($3::text[], $4::text[]) AS w (word, after) CROSS JOIN LATERAL (
       SELECT count(*) AS found FROM (
         SELECT 1 FROM search_terms t WHERE t.directory_id = $1 AND t.kind = $2 AND t.term >= w.word AND t.term < w.after
         LIMIT ${FOUND_MAX}) s) n`,
    [directoryId, kind, words, words.map(afterPrefix)],
  );
  return new Map(rows.map(({ word, found }) => [word, Number(found)]));
}
