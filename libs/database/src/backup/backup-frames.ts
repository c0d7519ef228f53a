import { createHash } from 'node:crypto';
import { AppError } from '@rollcall/platform';

/**
 * What a backup consists of: lines of JSON, of which some are followed by rows as PostgreSQL's COPY writes them (text, UTF-8), so that a
 * server of any later version takes them. One header; rows, table by table; one end. The whole is compressed with gzip.
 */
export type BackupFrame = HeaderFrame | RowsFrame | EndFrame;

export interface HeaderFrame {
  readonly kind: 'header';
  readonly format: typeof BACKUP_FORMAT;
  /** When the snapshot was taken, by the database's clock. */
  readonly time: string;
  /** What the database was at; see database-version.ts. */
  readonly version: number;
  readonly postgres: string;
  /** The migrations that had made its tables, in order. */
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Partitions of those tables: rows have to find theirs. */
  readonly partitions: readonly { readonly name: string; readonly parent: string; readonly bounds: string }[];
}

export interface RowsFrame {
  readonly kind: 'rows';
  readonly table: string;
  /** A piece of the table's rows, cut anywhere. */
  readonly content: Buffer;
}

export interface EndFrame {
  readonly kind: 'end';
  /** How many rows of each table there are. */
  readonly rows: Readonly<Record<string, number>>;
  /** The last number that each sequence gave out. */
  readonly sequences: Readonly<Record<string, string>>;
}

export const BACKUP_FORMAT = 1;

/** A header names every partition: some hundred characters for each week that is kept. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
const LINE_END = 0x0a;

/** The bytes of frames; behind the last comes a line with the checksum of all before it. */
export async function* encodeFrames(frames: AsyncIterable<BackupFrame>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const frame of frames) {
    for (const bytes of encodeFrame(frame)) {
      hash.update(bytes);
      yield bytes;
    }
  }
  yield encodeLine({ sha256: hash.digest('hex') });
}

function encodeFrame(frame: BackupFrame): Buffer[] {
  if (frame.kind !== 'rows') return [encodeLine(frame)];
  return [encodeLine({ kind: 'rows', table: frame.table, bytes: frame.content.length }), frame.content];
}

function encodeLine(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/**
 * The frames of a backup's bytes; whoever has been given the last one knows that all were as they had been written. Throws AppError
 * `backup_damaged` when the bytes are no backup, were cut off or changed, `backup_too_new` for a format that this program does not know.
 */
export async function* decodeFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<BackupFrame> {
  const hash = createHash('sha256');
  const reader = new ByteReader(bytes[Symbol.asyncIterator](), (read) => hash.update(read));
  for (let isFirst = true; ; isFirst = false) {
    const frame = parseLine(await reader.line());
    if (isFirst) checkHeader(frame);
    if (frame.kind === 'rows') {
      const { table, bytes: length } = frame as { table: string; bytes: number };
      if (!(length >= 0 && length <= MAX_CONTENT_BYTES)) throw damaged('it has a piece without a length');
      yield { kind: 'rows', table, content: await reader.take(length) };
    } else if (frame.kind === 'end') {
      // The frame is given only when it is known to be right: whoever has it acts on all before.
      const sha256 = hash.copy().digest('hex');
      if (parseLine(await reader.line()).sha256 !== sha256) throw damaged('its checksum is another one');
      if (!(await reader.isAtEnd())) throw damaged('something stands behind its end');
      yield frame as unknown as EndFrame;
      return;
    } else {
      yield frame as unknown as HeaderFrame;
    }
  }
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw damaged('it has a line that is none of a backup');
  }
}

function checkHeader({ kind, format }: Record<string, unknown>): void {
  if (kind !== 'header') throw damaged('it does not begin as a backup of Rollcall');
  if (format === BACKUP_FORMAT) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'backup_too_new',
    message: `This backup has format ${String(format)} and this Rollcall reads format ${BACKUP_FORMAT}: restore it with the Rollcall that made it.`,
  });
}

/** The refusal of a file that is not, or no longer, what a backup wrote. */
export function damaged(why: string, cause?: unknown): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'backup_damaged',
    message: `This is no whole backup: ${why}. Nothing was restored; take another copy of it, or another backup.`,
    cause,
  });
}

class ByteReader {
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly source: AsyncIterator<Buffer>,
    private readonly onRead: (bytes: Buffer) => void,
  ) {}

  async line(): Promise<string> {
    for (let from = 0; ;) {
      const end = this.held.indexOf(LINE_END, from);
      if (end >= 0) return (await this.take(end + 1)).toString('utf8', 0, end);
      if (this.held.length > MAX_LINE_BYTES) throw damaged('it has a line without an end');
      from = this.held.length;
      await this.fetch();
    }
  }

  async take(length: number): Promise<Buffer> {
    while (this.held.length < length) await this.fetch();
    const taken = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    this.onRead(taken);
    return taken;
  }

  async isAtEnd(): Promise<boolean> {
    return this.held.length === 0 && (await this.source.next()).done === true;
  }

  private async fetch(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw damaged('it ends in the middle');
    this.held = Buffer.concat([this.held, value]);
  }
}
