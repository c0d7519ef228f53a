import { t } from '@lingui/core/macro';
import type { ApiErrorCode, PortalErrorCode } from '@rollcall/contract';
import { theVendor } from '../branding/app-name';
import { lookUp } from '../format/look-up';
import { describeRefusal, type RefusalCode } from './describe-refusal';
import { PortalError } from './portal-error';
import { readSurface, type ErrorDescription, type Surface } from './surface';

export type { ErrorDescription } from './surface';

/** Made when it is asked for: the reader's language and who is named in it are not known from the start. */
type KnownDescription = () => ErrorDescription;

const KNOWN = {
  network: () => ({
    title: t`The server could not be reached`,
    advice: t`Check your connection, then try again.`,
  }),
  timeout: () => ({
    title: t`The server took too long to answer`,
    advice: t`Try again. If it keeps happening, tell ${{ vendor: theVendor() }}.`,
  }),
  outcome_unknown: () => ({
    title: t`No answer arrived, so this may have been done or not`,
    advice: t`What this page shows is read anew as soon as the server can be reached. Look there before you try again.`,
  }),
  feature_disabled: () => ({
    title: t`Directory Sync is switched off for your organization`,
    advice: t`Ask ${{ vendor: theVendor() }} to enable it. This page goes on by itself then.`,
  }),
  too_many_secrets: () => ({
    title: t`There are as many active tokens as there can be`,
    advice: t`Revoke one that is no longer used, then try again.`,
  }),
  too_many_directories: () => ({
    title: t`There are as many directories as there can be`,
    advice: t`Delete one that is no longer used, then try again.`,
  }),
  too_many_hand_overs: () => ({
    title: t`There are as many open hand-over links as there can be`,
    advice: t`Revoke one that is no longer needed, then try again.`,
  }),
  secret_not_replaceable: () => ({
    title: t`This token cannot be regenerated any more`,
    advice: t`It was regenerated or revoked meanwhile, perhaps by a try of yours whose answer was lost, or it has expired. Close this dialog and look at the list: if you do not have the newest token, revoke it and add another one.`,
  }),
  too_many_exports: () => ({
    title: t`Too many exports are running`,
    advice: t`Wait until one is done, then try again.`,
  }),
  contact_exists: () => ({
    title: t`This address is among the contacts already`,
    advice: t`Change the one that is there, or give another address.`,
  }),
  too_many_contacts: () => ({
    title: t`There are as many contacts as there can be`,
    advice: t`Remove one that is no longer right, then try again.`,
  }),
  mapping_not_allowed: () => ({
    title: t`The vendor of the app sets this`,
    advice: t`Ask them for the change. Nothing was done.`,
  }),
  session_expired: () => ({
    title: t`Your session has ended`,
    advice: t`Open the portal again with a new link.`,
  }),
  session_ended: () => ({
    title: t`Your session was closed`,
    advice: t`Open the portal again with a new link.`,
  }),
  session_revoked: () => ({
    title: t`Your access to the portal was withdrawn`,
    advice: t`Ask ${{ vendor: theVendor() }} for a new link.`,
  }),
  organization_deleted: () => ({
    title: t`Your organization was deleted`,
    advice: t`Ask ${{ vendor: theVendor() }} if you did not expect that.`,
  }),
  session_missing: () => ({
    title: t`You are not signed in to the portal`,
    advice: t`Open the portal with a link from ${{ vendor: theVendor() }}.`,
  }),
  session_of_another_organization: () => ({
    title: t`This browser now has the portal of another organization open`,
    advice: t`Nothing was changed. Reload the page to go on with that one.`,
  }),
} satisfies Record<BrowserErrorCode | Exclude<ApiErrorCode | PortalErrorCode, ToldElsewhere>, KnownDescription>;

/** What the browser itself finds out, and has words for here. */
type BrowserErrorCode = 'network' | 'timeout' | 'outcome_unknown';

/** A code that has no words in the table above. */
type Elsewhere<Code extends ApiErrorCode | PortalErrorCode> = Code;

type ToldElsewhere = RefusalCode | StatusCode | PageCode | OwnersCode;

/** Of which the status says enough: something is gone, or it passes, or the request is none that these pages make. */
type StatusCode = Elsewhere<
  | Extract<ApiErrorCode, `${string}_not_found`>
  | 'headers_too_large'
  | 'idempotency_answer_lost'
  | 'idempotency_key_in_use'
  | 'idempotency_key_reused'
  | 'internal'
  | 'invalid_encoding'
  | 'invalid_request'
  | 'invalid_token'
  | 'malformed_json'
  | 'malformed_request'
  | 'method_not_allowed'
  | 'not_found'
  | 'portal_not_built'
  | 'rate_limited'
  | 'too_many_attempts'
  | 'too_many_large_requests'
  | 'unauthenticated'
  | 'unavailable'
  | 'unsupported_media_type'
  | 'uri_too_long'
  | 'verification_overloaded'
>;

/** For which the one page that meets them has words: that of a link, of a code, of a hand-over, of new directories. */
type PageCode = Elsewhere<
  | 'code_expired'
  | 'code_required'
  | 'code_too_soon'
  | 'code_wrong'
  | 'directory_exists'
  | 'link_expired'
  | 'link_unknown'
  | 'link_used'
  | 'too_many_codes'
  | 'too_many_mails'
  | 'unsubscribe_unknown'
>;

/** Which only who has the management API meets. */
type OwnersCode = Elsewhere<
  | 'deprovision_guard_without_limit'
  | 'events_ahead'
  | 'events_expired'
  | 'external_id_taken'
  | 'insufficient_scope'
  | 'logo_refused'
  | 'mail_not_configured'
  | 'organization_client'
  | 'organization_not_deleted'
  | 'role_in_use'
  | 'role_name_taken'
  | 'role_required'
  | 'too_many_api_clients'
  | 'too_many_live_secrets'
  | 'too_many_replays'
  | 'too_many_snapshots'
  | 'too_many_webhook_endpoints'
  | 'user_not_deleted'
  | 'webhook_endpoint_disabled'
  | 'webhook_target_refused'
>;

const BY_STATUS: Record<number, KnownDescription> = {
  404: () => ({ title: t`Not found`, advice: t`It may have been deleted meanwhile. Go back and reload the list.` }),
  409: () => ({ title: t`This conflicts with a change made meanwhile`, advice: t`Reload the page and try again.` }),
  429: () => ({ title: t`Too many requests at once`, advice: t`Wait a moment, then try again.` }),
};

/**
 * Describes any error thrown by a call: by its code, else by its status. What the server says itself is English, and shown only where the
 * surface is.
 */
export function describeError(error: unknown, surface: Surface = readSurface()): ErrorDescription {
  if (!(error instanceof PortalError)) {
    return { title: t`Something went wrong on this page`, advice: t`Reload the page and try again.` };
  }
  const own = lookUp(surface.errors, error.code);
  if (own) return own;
  const known = lookUp(KNOWN, error.code) ?? BY_STATUS[error.status];
  if (known) return known();
  if (error.status >= 500 || error.code === 'unreadable') {
    return { title: t`The server could not do this right now`, advice: t`Try again in a moment.` };
  }
  return surface.isEnglish ? { title: error.message, advice: t`Correct it and try again.` } : describeRefusal(error);
}
