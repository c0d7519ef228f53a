import { AppError } from '@rollcall/platform';

const RETRY_AFTER_SECONDS = 5;

/** 503: the database of an organization does not answer; those of others may. */
export function cellUnavailable(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'The database of this organization cannot be reached now. Try again in a few seconds.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** 503: an organization is on its way to another cell. */
export function organizationMoving(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'unavailable',
    message: 'The organization is being moved to another database. Nothing was changed; try again in a few seconds.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
