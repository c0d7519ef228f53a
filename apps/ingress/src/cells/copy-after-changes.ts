import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { copyToAll } from './installation';
import type { Installation } from './installation';

/** Has what a request has changed of the configuration copied to every cell before its answer is sent. */
export interface ConfigurationCopies {
  /** Looks at the answers of the control cell's server; to be called before that has its routes. */
  watch: (server: FastifyInstance) => void;
  /** Tells of a request that may change it. */
  expect: (request: IncomingMessage) => void;
}

/** What the control cell's application is watched with, and the dispatcher tells. */
export function copyAfterChanges(cells: Pick<Installation, 'cells' | 'control'>): ConfigurationCopies {
  const expected = new WeakSet<IncomingMessage>();
  return {
    watch: (server) => {
      server.addHook('onSend', async ({ raw }, { statusCode }, payload: unknown) => {
        if (statusCode < 400 && expected.has(raw)) await copyToAll(cells);
        return payload;
      });
    },
    expect: (request) => {
      expected.add(request);
    },
  };
}
