import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { AppError } from './app-error';
import { LOG_LEVELS } from './config/read-log-level';
import type { LogLevel } from './config/read-log-level';
import { gatherLines } from './gather-lines';
import { removeSecrets } from './remove-secrets';

export type { Logger } from 'pino';

/**
 * A logger that writes one JSON line per entry to stdout: `{level, time, name, …, msg}` with the level as a word and the
 * time in RFC 3339; a moment later and many at once, but errors at once. Of a call's fields those with the names of secrets or bodies are
 * left out up to two objects deep: a second line of defence, the first is not to log them.
 * @param options.level default `LOG_LEVEL` of the environment, else `info`
 * @param options.destination where lines go instead of stdout
 */
export function createLogger(
  name: string,
  options: { level?: LogLevel; destination?: DestinationStream } = {},
): Logger {
  return pino(
    {
      name,
      level: options.level ?? LOG_LEVELS.find((level) => level === process.env.LOG_LEVEL) ?? 'info',
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Pino's own redaction looks for each path in each line, which took a worker more than to sign and send what the line tells of.
      formatters: { level: (label) => ({ level: label }), log: removeSecrets },
      serializers: { err: describeError, error: describeError },
    },
    options.destination ?? (stdout ??= openStdout()),
  );
}

let stdout: DestinationStream | undefined;

function openStdout(): DestinationStream {
  const terminal = pino.destination({ fd: 1, sync: true });
  const lines = gatherLines((text) => void terminal.write(text));
  process.once('exit', () => lines.flush());
  return {
    write: (line) => {
      lines.write(line);
      // It may be the last that this process says.
      if (IS_ERROR.test(line)) lines.flush();
    },
  };
}

/** As each line begins. */
const IS_ERROR = /^\{"level":"(?:error|fatal)"/;

/**
 * An error as it is logged. Only named fields pass: PostgreSQL errors carry the offending row in `detail` and TypeORM
 * errors carry the statement's parameters, and both are personal data.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    ...(error instanceof AppError ? { kind: error.kind, internal: error.internal } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
