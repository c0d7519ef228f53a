import type { ErasureData } from '@rollcall/contract';
import type { Erasure } from '@rollcall/database';
import { publicId } from '@rollcall/platform';

/** An erasure with its progress; ids and numbers alone. */
export function renderErasure(erasure: Erasure): ErasureData {
  const { organizationId, directoryId, userId, state, counts, createTime, finishTime } = erasure;
  return {
    id: publicId('era', erasure.id),
    organization_id: publicId('org', organizationId),
    directory_id: directoryId === '' ? null : publicId('dir', directoryId),
    user_id: userId === '' ? null : publicId('diruser', userId),
    state,
    counts,
    create_time: createTime.toISOString(),
    finish_time: finishTime?.toISOString() ?? null,
  };
}
