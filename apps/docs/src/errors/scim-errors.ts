import type { ScimType } from '@rollcall/scim';
import type { Explanation } from './api-errors';

/** The detail keywords: a new one has to be explained here. */
export const SCIM_TYPES: Record<ScimType, Explanation> = {
  invalidValue: [
    'A value is missing, has the wrong type, or is not allowed.',
    'Look at the attribute that the detail names, in the mapping of the identity provider: usually an attribute of the person is empty there, or mapped to one of another type.',
  ],
  invalidSyntax: [
    'The body is not what the request needs.',
    'A script: send the message that RFC 7644 has for the request. An identity provider: ask its support.',
  ],
  invalidPath: [
    'The path of a PATCH operation, or a name of an attribute, cannot be read.',
    'Correct the target attribute in the mapping. Attributes of extensions are written with their URN in front.',
  ],
  invalidFilter: [
    'The filter cannot be read, or compares what cannot be compared.',
    'Use `eq` with an attribute such as `userName` or `externalId`, and text in double quotes.',
  ],
  noTarget: [
    'A PATCH operation names something that the resource does not have.',
    'Read the resource, then send the operation for what is there. Identity providers do so at the next full synchronization.',
  ],
  mutability: [
    'The attribute cannot be changed once it is set, or is the server’s own.',
    'Leave it out of the mapping of updates.',
  ],
  uniqueness: [
    'Another resource of the directory has the same `userName`, `externalId` or name.',
    'Find it with a filter. Usually the person was made by hand or by an earlier connection: let the identity provider match by that attribute, or delete the one that is there.',
  ],
  tooMany: [
    'The request would take more work than one may.',
    'Ask for less: a filter by `id`, `userName` or `externalId`, fewer attributes, fewer members at a time.',
  ],
  invalidVers: ['The request asks for another version of SCIM.', 'Set the client to SCIM 2.0.'],
  sensitive: ['The attribute is never disclosed, and cannot be filtered or sorted by.', 'Leave it out.'],
  invalidCursor: [
    'The cursor was not given for this query.',
    'Begin again with an empty cursor, and keep filter and sort while you read on.',
  ],
  expiredCursor: ['The place of the cursor can be found no more.', 'Begin again with an empty cursor.'],
  invalidCount: ['`count` is no number that can be used with a cursor.', 'Send a whole number, such as 100.'],
};

/** Statuses that come without a detail keyword. */
export const SCIM_STATUSES = {
  400: ['The request is malformed.', 'The detail says what to change.'],
  401: [
    'The bearer token is missing, wrong, expired, revoked, or another directory’s.',
    'Make a new token in the Admin Portal and paste it whole. Some providers want the word `Bearer` in front of it, some add it themselves: see their [guide](/docs/providers/okta).',
  ],
  403: [
    'The directory is disabled, or Directory Sync is off for the organization.',
    'Enable the directory in the portal or the dashboard; the app’s owner switches the feature on. Nothing is lost: the identity provider sends everything again at its next synchronization.',
  ],
  404: [
    'There is no such resource in this directory.',
    'It was deleted, or the identity provider remembers an id of another directory. Start its provisioning anew (“restart”, “clear state”), so that it looks for people by their name.',
  ],
  405: ['The address does not take this method.', 'The header `Allow` lists those that it takes.'],
  408: ['The request did not arrive whole in time.', 'Send it again.'],
  409: ['The resource was changed at the same time by another request.', 'Send it again.'],
  412: [
    'The resource has changed since the version that `If-Match` names.',
    'Read it again, then send the change with the new version.',
  ],
  413: ['The request is larger than one may be.', 'Send the change in several requests. The detail names the limit.'],
  415: ['The `Content-Type` is not JSON.', 'Send `application/scim+json`.'],
  429: [
    'More was asked than the directory’s share.',
    'Wait for `Retry-After`: identity providers do so by themselves. Limits are raised with `set-limits`.',
  ],
  500: [
    'Something went wrong on the server.',
    'Send it again. If it stays, tell the operator the `X-Request-Id` of the answer.',
  ],
  501: ['The server does not offer this.', 'Leave it out: `/Me` is for clients that people sign in to.'],
  503: ['The server cannot use its database right now, or has no room.', 'Send it again after `Retry-After`.'],
} satisfies Record<number, Explanation>;
