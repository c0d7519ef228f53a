import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_TYPES } from '@rollcall/contract';
import { asOwner, checkDatabaseVersion } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { asOperator, createReplay, findReplay } from '@rollcall/management';
import type { NewReplay } from '@rollcall/management';
import { renderDryRun, renderReplay } from '@rollcall/pipeline-store';
import { newId, parseId } from '@rollcall/platform';

export interface ReplayValues {
  readonly endpoint?: string;
  readonly directory?: string;
  readonly 'from-time'?: string;
  readonly 'to-time'?: string;
  readonly 'from-sequence'?: string;
  readonly 'to-sequence'?: string;
  readonly type?: string[];
  readonly 'dry-run'?: boolean;
  readonly 'no-wait'?: boolean;
  readonly json?: boolean;
}

export interface ReplayRequest {
  readonly ownerUrl: string;
  readonly eventRetentionDays: number;
  readonly values: ReplayValues;
  readonly say: (text: string) => void;
  readonly note: (text: string) => void;
}

type RenderedReplay = ReturnType<typeof renderReplay>;

const LOOK_MS = 1_000;
/** After so many looks that saw the same, the person is told what to look at. */
const STILL_LOOKS = 30;
const DAY_SECONDS = 86_400;

/**
 * Sends stored events to an endpoint once more, as the API's `:replay` does, and waits until the workers have. Throws a StartError for an
 * option that cannot be used, or a replay that somebody paused or canceled, and what checkDatabaseVersion and createReplay throw.
 */
export async function replay({ ownerUrl, eventRetentionDays, values, say, note }: ReplayRequest): Promise<void> {
  const asked = readRange(values);
  const endpointId = values.endpoint === undefined ? null : parseId('whe', values.endpoint);
  if (!endpointId) throw new StartError('Name the endpoint: replay --endpoint <whe_…>.');
  await asOwner(ownerUrl, async (dataSource) => {
    await checkDatabaseVersion(dataSource);
    const scope = { environmentId: await findEnvironment(dataSource, endpointId), endpointId };
    const dryRun = values['dry-run'] ?? false;
    const options = { dryRun, retentionSeconds: eventRetentionDays * DAY_SECONDS };
    const { result } = await createReplay(asOperator(dataSource), scope, asked, options);
    if (dryRun) return tell(values, renderDryRun(result), say);
    const read = async () => renderReplay(await findReplay(dataSource, { ...scope, replayId: asked.id }));
    const onProgress = values.json ? () => undefined : say;
    tell(values, values['no-wait'] ? await read() : await follow(read, { say: onProgress, note }), say);
  });
}

async function follow(
  read: () => Promise<RenderedReplay>,
  { say, note }: Pick<ReplayRequest, 'say' | 'note'>,
): Promise<RenderedReplay> {
  let told = '';
  let stillLooks = 0;
  for (;;) {
    const now = await read();
    if (now.state === 'finished') return now;
    if (now.state !== 'running') throw new StartError(`The replay ${now.id} was ${now.state} by somebody else.`);
    const progress = `  ${now.done} of ${now.total}`;
    if (told === '') say(`The replay ${now.id} has begun; it goes on when this command is stopped.`);
    if (progress !== told) say(progress);
    stillLooks = progress === told ? stillLooks + 1 : 0;
    if (stillLooks === STILL_LOOKS) note('Nothing is being sent: is a worker running, and does the endpoint answer?');
    told = progress;
    await sleep(LOOK_MS);
  }
}

function tell({ json }: ReplayValues, view: RenderedReplay, say: (text: string) => void): void {
  if (json) return say(JSON.stringify({ replay: view }));
  const { id, state, total, done, failed } = view;
  const rest = view.events_expired ? ' The range begins before what is kept; for that take a snapshot.' : '';
  if (state === 'dry_run') return say(`It would send ${total} events.${rest}`);
  if (state !== 'finished') return say(`The replay ${id} has begun: ${total} events, which workers send.${rest}`);
  say(`The replay ${id} is finished: of ${total} events ${done - failed} were delivered, ${failed} failed.${rest}`);
}

async function findEnvironment(dataSource: DataSource, endpointId: string): Promise<string> {
  const [row] = await dataSource.query<{ environment_id: string }[]>(
    'SELECT environment_id FROM webhook_endpoints WHERE id = $1',
    [endpointId],
  );
  if (row) return row.environment_id;
  throw new StartError(`There is no webhook endpoint whe_${endpointId}.`);
}

function readRange(values: ReplayValues): NewReplay {
  const directoryId = values.directory === undefined ? null : parseId('dir', values.directory);
  if (values.directory !== undefined && !directoryId) {
    throw new StartError('--directory must be an id that begins with dir_.');
  }
  const range = {
    fromTime: readTime('--from-time', values['from-time']),
    toTime: readTime('--to-time', values['to-time']),
    fromSequence: readSequence('--from-sequence', values['from-sequence']),
    toSequence: readSequence('--to-sequence', values['to-sequence']),
  };
  if (!directoryId && (range.fromSequence ?? range.toSequence) !== null) {
    throw new StartError('Sequences count within a directory: add --directory <dir_…>.');
  }
  if (range.fromTime && range.toTime && range.fromTime > range.toTime) {
    throw new StartError('--from-time must not be after --to-time.');
  }
  return { id: newId(), directoryId, ...range, types: readTypes(values.type), failedOnly: false };
}

function readTime(option: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const time = new Date(text);
  // What Date takes without a zone would mean another moment on another machine.
  if (!Number.isNaN(time.getTime()) && /T.*(Z|[+-]\d\d:\d\d)$/i.test(text)) return time;
  throw new StartError(`${option} must be a time such as 2026-11-30T08:00:00Z.`);
}

function readSequence(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return text;
  throw new StartError(`${option} must be a whole number.`);
}

function readTypes(given: readonly string[] = []): string[] {
  const types = given.flatMap((text) => text.split(','));
  const known: readonly string[] = EVENT_TYPES;
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined) return types;
  throw new StartError(`There is no event type "${unknown}"; there are ${EVENT_TYPES.join(', ')}.`);
}
