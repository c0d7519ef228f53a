import { AppError, parseId } from '@rollcall/platform';
import type { NewReplay } from '@rollcall/management';
import type { ReplayBody } from './replay.dto';

/** What is to be replayed, under a given id. Throws AppError 400 for bounds that mean nothing. */
export function readReplayBody(body: ReplayBody, id: string): NewReplay {
  const { directory_id: directoryId, from_sequence: fromSequence, to_sequence: toSequence } = body;
  const { from_time: fromTime, to_time: toTime } = body;
  if (directoryId === undefined && (fromSequence !== undefined || toSequence !== undefined)) {
    throw refuse('"from_sequence" and "to_sequence" count within a directory: add "directory_id".');
  }
  if (fromSequence !== undefined && toSequence !== undefined && fromSequence > toSequence) {
    throw refuse('"from_sequence" must not be above "to_sequence".');
  }
  if (fromTime !== undefined && toTime !== undefined && fromTime > toTime) {
    throw refuse('"from_time" must not be after "to_time".');
  }
  return {
    id,
    directoryId: directoryId === undefined ? null : parseId('dir', directoryId),
    fromSequence: fromSequence === undefined ? null : String(fromSequence),
    toSequence: toSequence === undefined ? null : String(toSequence),
    fromTime: fromTime ?? null,
    toTime: toTime ?? null,
    types: [...new Set(body.types)],
    failedOnly: body.failed_only ?? false,
  };
}

function refuse(message: string): AppError {
  return new AppError({ kind: 'invalid', code: 'invalid_request', message });
}
