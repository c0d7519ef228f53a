/** How one attempt ended. */
export type AttemptOutcome =
  /** An answer came, its body complete or cut at the limit. */
  | { kind: 'response'; status: number }
  /** No complete answer: DNS, refused, reset, TLS, timeout. */
  | { kind: 'failure' }
  /** The egress guard refused the address. */
  | { kind: 'blocked' }
  /** This process stopped the attempt, because it shuts down. */
  | { kind: 'aborted' }
  /** The endpoint's dialect has nothing for the event: there was no request. */
  | { kind: 'unsent' }
  /** Of several messages the first ones were accepted; there was no time for the rest. */
  | { kind: 'cut' };

/** What an outcome means. Everything is worth a retry unless it is named here. */
export type OutcomeClass = 'success' | 'partial' | 'gone' | 'blocked' | 'aborted' | 'retryable';

/**
 * 2xx is success; 410 asks never to be called again; a blocked address stays blocked; an attempt aborted by us is none.
 * Everything else is retryable, redirects (which are not followed), 4xx and DNS errors included.
 */
export function classifyOutcome(outcome: AttemptOutcome): OutcomeClass {
  switch (outcome.kind) {
    case 'blocked':
      return 'blocked';
    case 'aborted':
      return 'aborted';
    case 'unsent':
      return 'success';
    case 'cut':
      return 'partial';
    case 'failure':
      return 'retryable';
    case 'response':
      if (outcome.status >= 200 && outcome.status < 300) return 'success';
      return outcome.status === 410 ? 'gone' : 'retryable';
  }
}
