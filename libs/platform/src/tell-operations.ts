import type { ChildProcess } from 'node:child_process';
import type { Series } from './create-metrics';
import type { Readiness } from './readiness';
import type { Operations } from './serve-operations';

/** A parent's question and its child's answer, over the IPC channel. */
interface Question {
  operations: { id: number; ask: 'readiness' | 'series' };
}
interface Reply {
  operations: { id: number; answer: unknown };
}

/** A child that is too busy to answer within this time is not ready, and its metrics are left out. */
const PATIENCE_MS = 3_000;

let lastId = 0;

/** The child's side: answers what its parent asks about it. */
export function tellOperations(operations: Operations): void {
  process.on('message', (message: Partial<Question> | null) => {
    const question = message?.operations;
    if (!question || !('ask' in question)) return;
    void operations[question.ask]().then((answer) => {
      if (process.connected) process.send?.({ operations: { id: question.id, answer } } satisfies Reply);
    });
  });
}

/**
 * The parent's side: what a child tells about itself, which may be another one after each restart.
 * @param name names it as the failing part while it does not answer
 */
export function askOperations(name: string, child: () => ChildProcess | undefined): Operations {
  return {
    readiness: async () =>
      ((await ask(child(), 'readiness')) as Readiness | undefined) ?? {
        status: 'unavailable',
        degraded: [],
        failing: name,
      },
    series: async () => ((await ask(child(), 'series')) as Series[] | undefined) ?? [],
  };
}

/** Resolves to undefined when there is no answer. */
function ask(child: ChildProcess | undefined, what: Question['operations']['ask']): Promise<unknown> {
  if (!child?.connected) return Promise.resolve(undefined);
  const id = ++lastId;
  return new Promise((resolve) => {
    const hear = (message: Partial<Reply> | null): void => {
      if (message?.operations?.id === id && 'answer' in message.operations) finish(message.operations.answer);
    };
    const finish = (answer?: unknown): void => {
      clearTimeout(timer);
      child.off('message', hear).off('exit', finish);
      resolve(answer);
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    child.on('message', hear).once('exit', () => finish());
    child.send({ operations: { id, ask: what } } satisfies Question, (error) => error && finish());
  });
}
