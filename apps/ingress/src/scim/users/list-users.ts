import { needsAttribute, userResourceType } from '@rollcall/scim';
import { findUsers, loadUsers, userTable } from '@rollcall/scim-store';
import type { UserKey } from '@rollcall/scim-store';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { answerPage, readListQuery } from '../search/answer-page';
import type { PageQuery } from '../search/answer-page';
import type { SearchableType } from '../search/searchable-type';

/** How users are found: by one of their keys, page by page, or by any filter. */
export const searchableUsers: SearchableType = {
  type: userResourceType,
  table: userTable,
  keys: ['userName', 'externalId', 'id', 'emails.value'],
  foldedKeys: ['userName', 'emails.value'],
  find: (caller, query) => findUsers(caller, { ...query, attribute: query.attribute as UserKey }),
  list: loadUsers,
  needsReferences: (projection) => needsAttribute(projection, 'groups', userResourceType),
};

/** GET /Users (RFC 7644 §3.4.2): 200 with a ListResponse, also when nothing is found. */
export async function listUsers(
  context: ScimContext,
  call: ScimCall,
  query: PageQuery = readListQuery(call),
): Promise<ScimAnswer> {
  return answerPage(context, call, searchableUsers, query);
}
