import type { ApiErrorCode, OAuthErrorCode } from '@rollcall/contract';

/** What a code tells, and what its reader does then. Both are Markdown. */
export type Explanation = readonly [meaning: string, action: string];

const ASK_AGAIN = 'Ask again after the time that `Retry-After` names.';
const FREE_ONE = 'Remove one that is no longer used, then ask again. The message names the limit.';
const LIST_FIRST =
  'Read the list it should be in: it was deleted, the id is mistyped, or it is another environment’s, which looks the same from here.';

/** What a request names is not there, or not for this caller. */
export const MISSING = {
  api_client_not_found: ['There is no such API client.', LIST_FIRST],
  contact_not_found: ['The organization has no such contact.', LIST_FIRST],
  delivery_not_found: [
    'The webhook endpoint has no such delivery.',
    'Deliveries are dropped with their event. Send the event again with `:replay` if it is still kept.',
  ],
  directory_not_found: ['The organization has no such directory.', LIST_FIRST],
  environment_not_found: ['There is no such environment, or you are no member of it.', LIST_FIRST],
  erasure_not_found: ['There is no such erasure.', LIST_FIRST],
  event_not_found: [
    'There is no such event, or it is no longer kept.',
    'Events are kept for `EVENT_RETENTION_DAYS`. For the state as it is now [take a snapshot](/docs/concepts/snapshots).',
  ],
  group_not_found: ['The directory has no such group.', LIST_FIRST],
  hand_over_not_found: ['There is no such hand-over link.', LIST_FIRST],
  link_not_found: [
    'The organization has no such portal link.',
    'Make another one with `PUT …/portal_links`: a link that was used or has expired is of no more use.',
  ],
  organization_not_found: ['There is no such organization.', LIST_FIRST],
  replay_not_found: ['The webhook endpoint has no such replay.', LIST_FIRST],
  request_not_found: [
    'The directory has no such request in its log.',
    'The log is kept for some days only. Ask the identity provider to send again what you look for.',
  ],
  role_not_found: ['There is no role of this name.', LIST_FIRST],
  secret_not_found: ['The directory has no such secret.', LIST_FIRST],
  user_not_found: ['The directory has no such user.', LIST_FIRST],
  webhook_endpoint_not_found: ['There is no such webhook endpoint.', LIST_FIRST],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** The caller. */
export const CALLER = {
  feature_disabled: [
    'Directory Sync is off for the organization.',
    'Switch it on: `PATCH /organizations/{id}/settings` with `{"features":[{"name":"dir_sync","enabled":true}]}`, or the switch on the organization’s page of the dashboard.',
  ],
  insufficient_scope: [
    'The API client may only read, and the call changes something.',
    'Use a client with the scope `write`.',
  ],
  invalid_token: [
    'The access token or API key is malformed, has expired, or its client was revoked.',
    'Fetch a new token at `POST /oauth/token`. When that fails too, rotate the client’s secret.',
  ],
  organization_client: [
    'The API client is for one organization, and the call is about the whole environment.',
    'Use a client of the environment.',
  ],
  role_required: [
    'Your role in this environment does not allow the call.',
    'Ask an owner of the environment to do it, or to change your role.',
  ],
  unauthenticated: [
    'The request has no credential.',
    'Send `Authorization: Bearer …` with an access token or an `sk_…` key; in the dashboard, sign in.',
  ],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** The input. */
export const INPUT = {
  deprovision_guard_without_limit: [
    'A deprovisioning guard was set without a limit.',
    'Give it a number of users, a share in percent, or both.',
  ],
  duplicate_assignment: [
    'The same role is assigned to a group twice.',
    'Name each pair once, at its place in the order of precedence.',
  ],
  duplicate_mapping: ['Two mappings give the same custom attribute.', 'Give one of them another name in `map_to`.'],
  events_ahead: [
    'The position is one that the server has not given out: it was restored from a backup since, or the number is too high.',
    '[Take a snapshot](/docs/concepts/snapshots) of each directory and read on from its `sequence`. The SDK’s `syncDirectory` does so by itself.',
  ],
  events_expired: [
    'What comes after the position is no longer kept.',
    '[Take a snapshot](/docs/concepts/snapshots) and read on from its `sequence`. `oldest_sequence` in the details is the oldest that is kept.',
  ],
  invalid_page_token: [
    'The `page_token` is not one that this list gave, or the filters have changed since.',
    'Begin again without `page_token`, and keep the filters while you read on.',
  ],
  invalid_request: [
    'A field is missing, unknown, or has a value that is not allowed.',
    'The message names the field. `details.errors` lists everything that is wrong.',
  ],
  logo_refused: [
    'The logo could not be fetched, or is no picture that is taken.',
    'Give an https address of a PNG, JPEG or WebP that anybody can open; the message says what was wrong.',
  ],
  mail_not_configured: [
    'The server sends no mail.',
    'Set `SMTP_URL` and `MAIL_FROM`, or hand the link over without mail.',
  ],
  unknown_group: [
    'A group is named that is none of the directory.',
    'Leave it out, or wait until the identity provider has pushed it.',
  ],
  unknown_role: ['A role is named that there is not.', 'Create it with `POST /roles` first.'],
  webhook_target_refused: [
    'The `url` of the endpoint is not one that events are sent to: no https, or a private address.',
    'Give a public https address. In development set `ALLOW_PRIVATE_WEBHOOK_TARGETS=true`, or use `rollcall listen`.',
  ],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** What is there already. */
export const PRESENT = {
  contact_exists: ['The address is among the contacts already.', 'Change the contact that is there.'],
  external_id_taken: [
    'Another organization has this `external_id`.',
    'Find it with `GET /organizations:external/{external_id}`, and use that one or another id.',
  ],
  idempotency_answer_lost: [
    'A request with this `Idempotency-Key` was carried out, but its answer is not kept.',
    'Look up what it made before you send it with a new key.',
  ],
  idempotency_key_in_use: ['A request with this `Idempotency-Key` is under way.', ASK_AGAIN],
  idempotency_key_reused: [
    'This `Idempotency-Key` came with another request before.',
    'Use a new key for each new request, and the same one only to send a request again.',
  ],
  organization_not_deleted: [
    'What is left of an organization can be erased only after it was deleted.',
    'Delete it, wait until your receivers have its last event, then erase.',
  ],
  role_in_use: ['The role is the default, or groups give it.', 'Take it from them first.'],
  role_name_taken: [
    'There is a role of this name; upper and lower case are not told apart.',
    'Use that one, or another name.',
  ],
  secret_not_replaceable: [
    'The token was replaced or revoked meanwhile, or has expired.',
    'Read the list of secrets. Without the newest token, revoke it and make another.',
  ],
  too_many_api_clients: ['The environment has as many API clients as it can have.', FREE_ONE],
  too_many_contacts: ['The organization has as many contacts as it can have.', FREE_ONE],
  too_many_exports: ['Several exports of this environment are running.', 'Wait until one is done.'],
  too_many_hand_overs: ['The directory has as many open hand-over links as it can have.', FREE_ONE],
  too_many_live_secrets: [
    'The client or endpoint has as many live secrets as it can have.',
    'Wait until one has ended, or rotate with `"overlap_seconds": 0`.',
  ],
  too_many_mails: ['Many mails were sent within an hour.', 'Wait, or hand the link over another way.'],
  too_many_replays: ['The endpoint has several replays that are not finished.', 'Wait until one is, or cancel one.'],
  too_many_secrets: ['The directory has as many active tokens as it can have.', 'Revoke one that is no longer used.'],
  too_many_snapshots: [
    'Several snapshots of this environment are being read.',
    'Read one after the other. ' + ASK_AGAIN,
  ],
  too_many_webhook_endpoints: ['The environment has as many webhook endpoints as it can have.', FREE_ONE],
  user_not_deleted: [
    'What is left of a user can be erased only after the identity provider deleted the user.',
    'Delete the user there. When SCIM’s DELETE has arrived, erase.',
  ],
  webhook_endpoint_disabled: [
    'The endpoint is disabled.',
    'Enable it; its waiting deliveries then go out by themselves.',
  ],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** The HTTP request, whatever it is for. */
export const REQUEST = {
  headers_too_large: [
    'URL and headers are too large together.',
    'Send long filters with `POST /.search`, and fewer cookies.',
  ],
  invalid_encoding: [
    'The body is not valid UTF-8, or not what its `Content-Encoding` says.',
    'Send UTF-8, and name the encoding that you use.',
  ],
  malformed_json: [
    'The body is not valid JSON.',
    'The message says what is wrong. Make the body with a JSON library rather than by hand.',
  ],
  malformed_request: [
    'The bytes are no HTTP/1.1 request that can be read.',
    'Look at the proxy or client between: it sends something else.',
  ],
  method_not_allowed: ['The address takes other methods.', 'The header `Allow` lists them.'],
  not_found: [
    'Nothing is at this address.',
    'Compare the path with the [API reference](/api/docs); an id may be missing in it.',
  ],
  request_timeout: [
    'The request did not arrive whole in time.',
    'Send it again, in smaller parts if the line is slow.',
  ],
  too_large: [
    'The body is larger than this call takes.',
    'Send the change in several requests. The message names the limit.',
  ],
  too_many_attempts: [
    'Many wrong credentials came for this client or from this address.',
    'Correct the credential. ' + ASK_AGAIN,
  ],
  unsupported_media_type: [
    'The `Content-Type` or `Content-Encoding` is one that the call does not take.',
    'Send `Content-Type: application/json`; for SCIM `application/scim+json`.',
  ],
  uri_too_long: ['The URL is too long.', 'Send long SCIM filters with `POST /.search`.'],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** The server. */
export const SERVER = {
  internal: [
    'Something went wrong on the server. The request was not carried out.',
    'Ask again. If it stays, tell the operator the `request_id`: the log has it.',
  ],
  rate_limited: ['You have asked more than your share.', `${ASK_AGAIN} The limits can be raised with \`set-limits\`.`],
  too_many_large_requests: ['Many large requests are in work.', `${ASK_AGAIN} Smaller requests get in sooner.`],
  unavailable: ['The server cannot use its database right now, or has no room.', ASK_AGAIN],
  verification_overloaded: ['Many credentials are being checked at once.', ASK_AGAIN],
} satisfies Partial<Record<ApiErrorCode, Explanation>>;

/** Every code of the management API: a new one has to be explained in one of the tables above. */
export const API_ERRORS: Record<ApiErrorCode, Explanation> = {
  ...MISSING,
  ...CALLER,
  ...INPUT,
  ...PRESENT,
  ...REQUEST,
  ...SERVER,
};

/** Of the token endpoint, what the API does not have. */
export const TOKEN_ERRORS: Record<Exclude<OAuthErrorCode, ApiErrorCode>, Explanation> = {
  invalid_client: [
    'There is no such client, or the secret is wrong.',
    'Compare both with what `create-client` printed. A lost secret cannot be read again: rotate it.',
  ],
  unsupported_grant_type: ['Only `client_credentials` is offered.', 'Send `grant_type=client_credentials` as a form.'],
  temporarily_unavailable: ['The token endpoint has no room right now.', ASK_AGAIN],
};
