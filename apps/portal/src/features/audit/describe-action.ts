import { AUDIT_ACTIONS, type AuditAction } from '@rollcall/contract';
import { lookUp } from '../../shared/format/look-up';

/** What was done, in the words of who reads it; what stands behind it is what it was done to. */
const WORDS: Readonly<Record<AuditAction, string>> = {
  'api_client.created': 'Created the API client',
  'api_client.revoked': 'Revoked the API client',
  'api_client.rotated': 'Rotated the secret of the API client',
  'api_client.updated': 'Changed the API client',
  'attribute_mappings.updated': 'Changed the attribute mapping of the directory',
  'contact.created': 'Added the IT contact',
  'contact.deleted': 'Removed the IT contact',
  'contact.unsubscribed': 'Unsubscribed from mails as the IT contact',
  'contact.updated': 'Changed the IT contact',
  'default_role.updated': 'Changed the default role',
  'delivery.retried': 'Sent the delivery again',
  'deprovisioning.discarded': 'Discarded held deprovisionings of the directory',
  'deprovisioning.released': 'Released held deprovisionings of the directory',
  'directory.created': 'Created the directory',
  'directory.deleted': 'Deleted the directory',
  'directory.disabled': 'Disabled the directory',
  'directory.enabled': 'Enabled the directory',
  'directory.updated': 'Changed the directory',
  'directory_secret.created': 'Issued the bearer token',
  'directory_secret.regenerated': 'Regenerated the bearer token',
  'directory_secret.revoked': 'Revoked the bearer token',
  'directory_users.exported': 'Exported users of the directory',
  'environment.created': 'Created the environment',
  'environment_limits.updated': 'Changed the limits of the environment',
  'hand_over.created': 'Created a hand-over link for the directory',
  'hand_over.opened': 'Opened a hand-over link of the directory',
  'hand_over.revoked': 'Revoked a hand-over link of the directory',
  'hand_over.token_shown': 'Showed the bearer token of a hand-over link of the directory',
  'invitation.revoked': 'Revoked the invitation of',
  'environment.restored': 'Restored the installation from a backup',
  'key.rotated': 'Rotated the secret key of the installation',
  'mail.tested': 'Sent a test mail for',
  'member.invited': 'Invited the member',
  'member.joined': 'Joined as the member',
  'member.removed': 'Removed the member',
  'member.role_changed': 'Changed the role of the member',
  'member.updated': 'Changed the account of the member',
  'organization.created': 'Created the organization',
  'organization.deleted': 'Deleted the organization',
  'organization.erased': 'Erased the organization',
  'organization.moved': 'Moved to another database the organization',
  'organization.updated': 'Changed the organization',
  'organization_settings.updated': 'Changed the features of the organization',
  'passkey.added': 'Added a passkey of the member',
  'passkey.removed': 'Removed a passkey of the member',
  'password.changed': 'Changed the password of the member',
  'person.erased': 'Erased a person',
  'portal_link.code_refused': 'Entered a wrong code for the portal link of',
  'portal_link.code_sent': 'Asked for a code for the portal link of',
  'portal_link.created': 'Created a portal link for',
  'portal_link.opened': 'Opened the portal link of',
  'portal_link.revoked': 'Revoked the portal link of',
  'portal_link.sent': 'Mailed the portal link of',
  'portal_session.ended': 'Left the portal of',
  'portal_settings.updated': 'Changed the settings of the admin portal of',
  'recovery_codes.renewed': 'Made new recovery codes for the member',
  'replay.canceled': 'Canceled the replay',
  'replay.paused': 'Paused the replay',
  'replay.resumed': 'Resumed the replay',
  'request_log_settings.updated': 'Changed what the request log keeps of',
  'role.created': 'Created the role',
  'role.deleted': 'Deleted the role',
  'role.updated': 'Changed the role',
  'role_assignments.updated': 'Changed the role assignments of the directory',
  'second_factor.added': 'Added a second factor of the member',
  'second_factor.removed': 'Removed a second factor of the member',
  'session.ended': 'Ended a session of the member',
  'sign_in.refused': 'Was refused as',
  'sign_in.succeeded': 'Signed in as',
  'single_sign_on.removed': 'Removed single sign-on',
  'single_sign_on.updated': 'Changed single sign-on',
  'webhook_endpoint.created': 'Created the webhook endpoint',
  'webhook_endpoint.deleted': 'Deleted the webhook endpoint',
  'webhook_endpoint.deliveries_discarded': 'Discarded waiting deliveries of the webhook endpoint',
  'webhook_endpoint.replayed': 'Replayed events to the webhook endpoint',
  'webhook_endpoint.secret_rotated': 'Rotated the secret of the webhook endpoint',
  'webhook_endpoint.tested': 'Sent a test event to the webhook endpoint',
  'webhook_endpoint.updated': 'Changed the webhook endpoint',
};

/** What an action was, in words. One that has none here is told by its own name. */
export function describeAction(action: string): string {
  return lookUp(WORDS, action) ?? capitalize(spell(action.replace('.', ' ')));
}

/** Every action that there is, to choose from, under its own name. */
export const ACTION_OPTIONS = AUDIT_ACTIONS.map((action) => ({
  value: action,
  label: capitalize(spell(action.replace('.', ': '))),
}));

/** A name of the API in words: `secret_rotated` → `secret rotated`. */
export function spell(name: string): string {
  return name.replaceAll('_', ' ').replaceAll(/\bid(s?)\b/g, 'ID$1');
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
