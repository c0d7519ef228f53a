import type { ErrorCode } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';

const RETRY_AFTER_SECONDS = 10;

/** How many long answers of one kind a process gives at a time. */
export interface StreamLimits {
  /** What they are called, in the plural. */
  what: string;
  /** Of the refusal. */
  code: ErrorCode;
  max: number;
  /** Of one environment among them. */
  perEnvironment: number;
}

/** The places for long answers of one kind; what is beyond them is refused, not kept waiting. */
export class StreamSlots {
  /** How many are open, by environment. */
  private readonly open = new Map<string, number>();

  constructor(private readonly limits: StreamLimits) {}

  /**
   * Takes a place; the returned function gives it back, once.
   * @throws AppError `rate_limited` (429, the limits' code) naming the limit that was reached
   */
  take(environmentId: string): () => void {
    const { max, perEnvironment } = this.limits;
    const ofEnvironment = this.open.get(environmentId) ?? 0;
    const all = [...this.open.values()].reduce((sum, open) => sum + open, 0);
    if (ofEnvironment >= perEnvironment) throw tooMany(this.limits, `This environment has ${perEnvironment}`);
    if (all >= max) throw tooMany(this.limits, `This process has ${max}`);
    this.open.set(environmentId, ofEnvironment + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.open.get(environmentId) ?? 1) - 1;
      if (left > 0) this.open.set(environmentId, left);
      else this.open.delete(environmentId);
    };
  }
}

function tooMany({ what, code }: StreamLimits, found: string): AppError {
  return new AppError({
    kind: 'rate_limited',
    code,
    message: `${found} ${what} under way already. Try again in a few seconds.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
