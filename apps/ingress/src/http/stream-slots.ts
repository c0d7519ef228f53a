import type { ErrorCode } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';
import { Places } from './places';

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
  /** Of one organization among those of its environment; default: all of those. */
  perOrganization?: number;
}

/** The places for long answers of one kind; what is beyond them is refused, not kept waiting. */
export class StreamSlots {
  private readonly places: Places;
  private readonly ofOrganizations: Places;

  constructor(private readonly limits: StreamLimits) {
    const { max, perEnvironment, perOrganization = perEnvironment } = limits;
    this.places = new Places({ max, perKey: perEnvironment });
    // What is taken of all is counted once, above.
    this.ofOrganizations = new Places({ max: Number.POSITIVE_INFINITY, perKey: perOrganization });
  }

  /**
   * Takes a place; the returned function gives it back, once. Takes the organization when an answer is for one of its own people, so
   * that it has no more than its share of its environment's places.
   * @throws AppError `rate_limited` (429, the limits' code) naming the limit that was reached
   */
  take(environmentId: string, organizationId?: string): () => void {
    const { max, perEnvironment, perOrganization = perEnvironment } = this.limits;
    const ofOrganization = organizationId === undefined ? () => undefined : this.ofOrganizations.take(organizationId);
    if (typeof ofOrganization !== 'function') throw tooMany(this.limits, `This organization has ${perOrganization}`);
    const place = this.places.take(environmentId);
    if (typeof place === 'function') {
      return () => {
        place();
        ofOrganization();
      };
    }
    ofOrganization();
    throw tooMany(
      this.limits,
      place === 'of all' ? `This process has ${max}` : `This environment has ${perEnvironment}`,
    );
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
