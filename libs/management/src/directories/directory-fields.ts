import type { Directory } from '@rollcall/database';
import type { DeprovisionGuard } from '@rollcall/events';
import type { Fields } from '../audit/find-changes';

/** What the audit log tells of a directory and of its deprovision guard; null: that is off. */
export function directoryFields(
  { name, directoryType, directoryProvider, enabled, strict }: Directory,
  guard: DeprovisionGuard | null,
): Fields {
  return {
    name,
    directory_type: directoryType,
    directory_provider: directoryProvider,
    enabled,
    strict,
    'deprovision_guard.max_users': guard?.maxUsers,
    'deprovision_guard.max_percent': guard?.maxPercent,
    'deprovision_guard.window_seconds': guard?.windowSeconds,
  };
}
