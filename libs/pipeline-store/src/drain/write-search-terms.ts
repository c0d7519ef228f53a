import type { GroupData, UserData } from '@rollcall/contract';
import { groupTerms, userTerms } from '@rollcall/directory';
import type { NormalizedBatch, Published } from '@rollcall/events';
import { prepared } from '@rollcall/database';
import type { LoadedState } from './load-published-state';
import type { Statement } from './statement';

interface Term {
  kind: 'user' | 'group' | 'role';
  term: string;
}

/**
 * The statements that bring what users and groups are found by to what the batch publishes. Of those who are found as before, most
 * of whoever a change of a group or of rules concerns, nothing is written. The ones that have terms of something else get theirs.
 */
export function writeSearchTerms(
  directoryId: string,
  published: Pick<LoadedState, 'users' | 'groups' | 'unindexed'>,
  { users, groups }: Pick<NormalizedBatch, 'users' | 'groups'>,
): Statement[] {
  const changed = [
    ...findChanged(users.upserts, published.users, published.unindexed, termsOfUser),
    ...findChanged(groups.upserts, published.groups, published.unindexed, termsOfGroup),
  ];
  const outdated = [...users.deletes, ...groups.deletes, ...changed.map(({ id }) => id)];
  const rows = changed.flatMap(({ id, terms }) => terms.map(({ kind, term }) => ({ id, kind, term })));
  const statements: Statement[] = [];
  if (outdated.length > 0) statements.push([REMOVE_TERMS, [directoryId, outdated]]);
  if (rows.length > 0) {
    statements.push([
      ADD_TERMS,
      [directoryId, rows.map(({ kind }) => kind), rows.map(({ term }) => term), rows.map(({ id }) => id)],
    ]);
  }
  return statements;
}

/** Also of whoever is new, so that what is added cannot be there: one look for each of them, where `ON CONFLICT` takes more for each term. */
const REMOVE_TERMS = prepared('DELETE FROM search_terms WHERE directory_id = $1 AND id = ANY ($2)');

const ADD_TERMS = prepared(
  `INSERT INTO search_terms (directory_id, kind, term, id)
   SELECT $1, t.* FROM unnest($2::text[], $3::text[], $4::text[]) AS t`,
);

function findChanged<Data>(
  upserts: readonly ({ id: string } & Published<Data>)[],
  before: ReadonlyMap<string, Published<Data>>,
  unindexed: ReadonlySet<string>,
  termsOf: (data: Data) => Term[],
): { id: string; terms: Term[] }[] {
  return upserts.flatMap(({ id, data }) => {
    const known = before.get(id);
    const terms = termsOf(data);
    if (known && !unindexed.has(id) && sameTerms(termsOf(known.data), terms)) return [];
    return [{ id, terms }];
  });
}

function termsOfUser(user: UserData): Term[] {
  return [
    ...userTerms(user).map((term) => ({ kind: 'user' as const, term })),
    ...user.roles.map(({ role_name: term }) => ({ kind: 'role' as const, term })),
  ];
}

function termsOfGroup(group: GroupData): Term[] {
  return groupTerms(group).map((term) => ({ kind: 'group' as const, term }));
}

function sameTerms(some: readonly Term[], others: readonly Term[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ kind, term }, at) => others[at]?.kind === kind && others[at].term === term)
  );
}
