import { groupResourceType, needsAttribute } from '@rollcall/scim';
import { findGroups, groupTable, loadGroups } from '@rollcall/scim-store';
import type { GroupKey } from '@rollcall/scim-store';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { answerPage, readListQuery } from '../search/answer-page';
import type { PageQuery } from '../search/answer-page';
import type { SearchableType } from '../search/searchable-type';

/** How groups are found: by one of their keys, page by page, or by any filter. */
export const searchableGroups: SearchableType = {
  type: groupResourceType,
  table: groupTable,
  keys: ['displayName', 'externalId', 'id'],
  foldedKeys: ['displayName'],
  find: (caller, query) => findGroups(caller, { ...query, attribute: query.attribute as GroupKey }),
  list: loadGroups,
  needsReferences: (projection) => needsAttribute(projection, 'members', groupResourceType),
};

/** GET /Groups (RFC 7644 §3.4.2): 200 with a ListResponse. Members are loaded only when the answer shows them. */
export async function listGroups(
  context: ScimContext,
  call: ScimCall,
  query: PageQuery = readListQuery(call),
): Promise<ScimAnswer> {
  return answerPage(context, call, searchableGroups, query);
}
