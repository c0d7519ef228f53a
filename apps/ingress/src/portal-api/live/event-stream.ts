import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/** Bytes that may wait for a reader; who is that far behind asks anew. */
const BEHIND_MAX = 1_000_000;

/** A reader who has not taken what was sent so long after the end does not get it: it would keep its place for ever. */
const LINGER_MS = 10_000;

/** Server-sent events (WHATWG HTML, section 9.2) to one reader. */
export class EventStream {
  private readonly output = new PassThrough();

  /** @param onEnd called once, when it is over in whatever way */
  constructor(onEnd: () => void) {
    this.output.once('close', onEnd);
    // A reader who is gone is no error.
    this.output.on('error', () => undefined);
    this.output.write(': rollcall\n\n');
  }

  /** What is sent as the body of the answer. */
  get body(): Readable {
    return this.output;
  }

  /** Sends an event with one line of data, and ends a reader who takes nothing. */
  send(type: string, data: string): void {
    if (this.output.writableEnded || this.output.destroyed) return;
    if (this.output.writableLength > BEHIND_MAX) this.output.destroy();
    else this.output.write(`event: ${type}\ndata: ${data}\n\n`);
  }

  /** Ends it: what was sent arrives at a reader who takes it. */
  end(): void {
    if (this.output.writableEnded || this.output.destroyed) return;
    this.output.end();
    const linger = setTimeout(() => this.output.destroy(), LINGER_MS).unref();
    this.output.once('close', () => clearTimeout(linger));
  }
}
