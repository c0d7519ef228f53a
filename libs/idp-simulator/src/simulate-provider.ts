import { describeAction } from './describe-action';
import type { Dialect, ImportResult, Send } from './dialects/dialect';
import { performAction, type ProviderState } from './perform-action';
import { type Held, readHeld } from './read-held';
import type { Action, Scenario } from './scenario';
import { type Connection, sendScim, type SentRequest } from './send-scim';

/** What the simulated provider reports while it works, for a console or a page. */
export type Progress =
  | { kind: 'action'; number: number; total: number; text: string }
  | { kind: 'request'; request: SentRequest }
  | { kind: 'throttled'; waitSeconds: number }
  | { kind: 'failure'; text: string; error: Error };

export interface ProviderOptions {
  dialect: Dialect;
  connection: Connection;
  scenario: Pick<Scenario, 'people' | 'groups'>;
  onProgress?: (progress: Progress) => void;
  /** Pause before each request, in milliseconds; Okta's recorded pace is 250. */
  pauseMs?: number;
  sleep?: (milliseconds: number) => Promise<void>;
}

/** An action that the application refused. */
export interface Failure {
  action: Action;
  error: Error;
}

export interface SimulatedProvider {
  /** Does one action. Throws ProvisioningError when the application refuses it. */
  perform(action: Action): Promise<void>;
  /**
   * Does all actions in order. A refused one becomes a failed task, as at the real provider, and the next one goes on.
   * @returns the failures, empty when all went well
   */
  run(actions: Action[]): Promise<Failure[]>;
  /** What the application should hold now. */
  held(): Held;
  /** What the last import read, if there was one. */
  lastImport(): ImportResult | undefined;
}

/** A simulated identity provider: the people and groups of a scenario, provisioned over HTTP in one provider's dialect. */
export function simulateProvider(options: ProviderOptions): SimulatedProvider {
  const { dialect, onProgress, scenario } = options;
  const state: ProviderState = {
    dialect,
    send: createSend(options),
    people: new Map(scenario.people.map((person) => [person.id, { person, active: true }])),
    groups: new Map(scenario.groups.map((group) => [group.id, { group: { ...group, members: [...group.members] } }])),
    lastImport: undefined,
  };
  return {
    perform: (action) => performAction(state, action),
    run: (actions) => runActions(state, actions, onProgress),
    held: () => readHeld(dialect, state.people.values(), state.groups.values()),
    lastImport: () => state.lastImport,
  };
}

async function runActions(
  state: ProviderState,
  actions: Action[],
  onProgress: ProviderOptions['onProgress'],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [index, action] of actions.entries()) {
    const text = describeAction(action, state.people, state.groups);
    onProgress?.({ kind: 'action', number: index + 1, total: actions.length, text });
    try {
      await performAction(state, action);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push({ action, error });
      onProgress?.({ kind: 'failure', text, error });
    }
  }
  return failures;
}

function createSend({ dialect, connection, onProgress, pauseMs = 0, sleep = wait }: ProviderOptions): Send {
  return async (method, path, body, headers) => {
    if (pauseMs > 0) await sleep(pauseMs);
    const request = { method, path, body, headers: { ...dialect.headers(body !== undefined), ...headers } };
    return sendScim(request, {
      connection,
      sleep,
      onSent: (sent) => onProgress?.({ kind: 'request', request: sent }),
      onThrottled: (waitSeconds) => onProgress?.({ kind: 'throttled', waitSeconds }),
    });
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
