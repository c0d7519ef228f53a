import type { ErrorCode } from '@rollcall/contract';
import type { Problem } from './to-problem';

/**
 * What a caller of the management API can do about a refusal, by its code. Use cases say only what is wrong, because they know
 * neither routes nor the names of fields; these sentences follow theirs.
 */
const ADVICE: Partial<Record<ErrorCode, string | ((details: Problem['details']) => string)>> = {
  deprovision_guard_without_limit:
    'Send max_users, max_percent or both, or set deprovision_guard itself to null to switch it off.',
  duplicate_mapping: 'Name each map_to once, and use fallback_keys to read one name from several paths.',
  events_ahead: 'Take a snapshot of each directory that you keep, and go on from its sequence.',
  events_expired: 'Take a snapshot of the directory and go on from its sequence, or start without "after".',
  external_id_taken: 'Send another external_id.',
  feature_disabled: 'Switch its feature "dir_sync" on in the organization\'s settings first.',
  role_in_use: (details) =>
    details?.directory_ids
      ? 'Take it out of the role assignments of these directories first.'
      : 'Choose another with PATCH /roles:set_defaults first.',
  role_name_taken: 'Send another role_name.',
  too_many_live_secrets: 'Or rotate with overlap_seconds 0, which ends them all.',
  unknown_role: 'Create it with POST /roles first; case counts.',
};

/** The sentence that follows a problem's message in the answers of the management API, if there is something to add. */
export function adviseOn({ code, details }: Problem): string | undefined {
  const advice = ADVICE[code];
  return typeof advice === 'function' ? advice(details) : advice;
}
