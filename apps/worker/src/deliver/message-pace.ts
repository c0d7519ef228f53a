/** Spreads the messages that a dialect makes of events by an endpoint's rate limit, those of all events under way to it together. */
export class MessagePace {
  private nextAt = 0;

  /** Milliseconds until the next one has its turn. */
  get waitMs(): number {
    return Math.max(0, this.nextAt - performance.now());
  }

  /** Takes the next turn: others come after it, also when it is begun before, as the first message of an event that was leased. */
  take(rateLimit: number | null): void {
    if (rateLimit !== null) this.nextAt = Math.max(performance.now(), this.nextAt) + 1_000 / rateLimit;
  }
}
