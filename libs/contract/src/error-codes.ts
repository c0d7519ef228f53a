/** The codes in errors of the management API, and in those of the portal's API wherever the two refuse the same. */
export const API_ERROR_CODES = [
  // What a request names is not there, or not for this caller; the part before `_not_found` is the thing.
  'api_client_not_found',
  'contact_not_found',
  'delivery_not_found',
  'directory_not_found',
  'environment_not_found',
  'erasure_not_found',
  'event_not_found',
  'group_not_found',
  'hand_over_not_found',
  'link_not_found',
  'organization_not_found',
  'replay_not_found',
  'request_not_found',
  'role_not_found',
  'secret_not_found',
  'user_not_found',
  'webhook_endpoint_not_found',
  // The caller.
  'feature_disabled',
  'insufficient_scope',
  'invalid_token',
  'organization_client',
  'role_required',
  'unauthenticated',
  // The input.
  'deprovision_guard_without_limit',
  'duplicate_assignment',
  'duplicate_mapping',
  'events_ahead',
  'events_expired',
  'invalid_page_token',
  'invalid_request',
  'logo_refused',
  'mail_not_configured',
  'unknown_group',
  'unknown_role',
  'webhook_target_refused',
  // What is there already.
  'contact_exists',
  'external_id_taken',
  'organization_not_deleted',
  'role_in_use',
  'role_name_taken',
  'secret_not_replaceable',
  'too_many_api_clients',
  'too_many_contacts',
  'too_many_exports',
  'too_many_hand_overs',
  'too_many_live_secrets',
  'too_many_mails',
  'too_many_replays',
  'too_many_secrets',
  'too_many_snapshots',
  'too_many_webhook_endpoints',
  'user_not_deleted',
  'webhook_endpoint_disabled',
  // The HTTP request, whatever it is for.
  'idempotency_answer_lost',
  'idempotency_key_in_use',
  'idempotency_key_reused',
  'headers_too_large',
  'invalid_encoding',
  'malformed_json',
  'malformed_request',
  'method_not_allowed',
  'not_found',
  'request_timeout',
  'too_large',
  'too_many_attempts',
  'unsupported_media_type',
  'uri_too_long',
  // The server.
  'internal',
  'rate_limited',
  'too_many_large_requests',
  'unavailable',
  'verification_overloaded',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** Further codes in errors of the portal: of its links, its sessions and its page. */
export type PortalErrorCode =
  | 'code_expired'
  | 'code_required'
  | 'code_too_soon'
  | 'code_wrong'
  | 'directory_exists'
  | 'foreign_origin'
  | 'link_expired'
  | 'link_unknown'
  | 'link_used'
  | 'mapping_not_allowed'
  | 'organization_deleted'
  | 'portal_not_built'
  | 'session_ended'
  | 'session_expired'
  | 'session_missing'
  | 'session_of_another_organization'
  | 'session_revoked'
  | 'too_many_codes'
  | 'too_many_directories'
  | 'unsubscribe_unknown';

/** Further codes in errors of the dashboard: of its members, and of how they sign in. */
export type DashboardErrorCode =
  | 'client_secret_required'
  | 'confirmation_required'
  | 'email_taken'
  | 'foreign_origin'
  | 'invalid_credentials'
  | 'invitation_expired'
  | 'invitation_not_found'
  | 'invitation_used'
  | 'last_owner'
  | 'member_exists'
  | 'member_not_found'
  | 'passkey_not_found'
  | 'passkey_refused'
  | 'second_factor_absent'
  | 'second_factor_expired'
  | 'second_factor_present'
  | 'second_factor_refused'
  | 'session_not_found'
  | 'session_of_one_environment'
  | 'setup_link_unknown'
  | 'sign_in_required'
  | 'single_sign_on_not_found'
  | 'single_sign_on_refused'
  | 'single_sign_on_required'
  | 'too_many_environments'
  | 'too_many_members'
  | 'too_many_passkeys'
  | 'weak_password';

/** The `error` of the token endpoint, which RFC 6749 names. */
export const OAUTH_ERROR_CODES = [
  'invalid_request',
  'invalid_client',
  'unsupported_grant_type',
  'temporarily_unavailable',
] as const;
export type OAuthErrorCode = (typeof OAUTH_ERROR_CODES)[number];

/** What stops a start, a command or a job: for the operator and the log. No part of the interface. */
type InternalErrorCode =
  | 'app_login_refused'
  | 'app_role_missing'
  | 'backup_damaged'
  | 'backup_too_new'
  | 'database_not_empty'
  | 'cell_named_twice'
  | 'cell_of_another_installation'
  | 'control_not_set_up'
  | 'database_restored'
  | 'login_too_strong'
  | 'malformed_wake_up'
  | 'move_refused'
  | 'move_waits'
  | 'not_bootstrapped'
  | 'not_owner'
  | 'owner_refused'
  | 'postgres_too_old'
  | 'schema_before_baseline'
  | 'schema_too_new'
  | 'schema_too_old'
  | 'secret_key_mismatch'
  | 'unknown_change_kind'
  | 'unsealable';

/** Every code that an error of Rollcall can have. */
export type ErrorCode = ApiErrorCode | DashboardErrorCode | PortalErrorCode | OAuthErrorCode | InternalErrorCode;

/** A thing that can be missing: `webhook_endpoint` of `webhook_endpoint_not_found`. */
export type MissingThing<Code = ApiErrorCode> = Code extends `${infer Thing}_not_found` ? Thing : never;
