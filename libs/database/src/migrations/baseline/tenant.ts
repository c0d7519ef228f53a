/** The column of an id: ULIDs compare by byte and sort by creation. */
export const ID = 'text COLLATE "C"';

/** The tenant of the transaction; null when none is set (after a transaction with SET LOCAL the setting reads ''). */
export const ENVIRONMENT = `nullif(current_setting('rollcall.environment_id', true), '')`;
const DIRECTORY = `nullif(current_setting('rollcall.directory_id', true), '')`;

/** Whose rows are seen and written: those of the environment, of the directory, or of either. */
export const BY_ENVIRONMENT = `environment_id = ${ENVIRONMENT}`;
export const BY_DIRECTORY = `directory_id = ${DIRECTORY}`;
export const BY_EITHER = `${BY_DIRECTORY} OR ${BY_ENVIRONMENT}`;
