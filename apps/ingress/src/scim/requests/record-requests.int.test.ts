import { createPool, migrateDatabase } from '@rollcall/database';
import type { Pool } from '@rollcall/database';
import { createLogger, createMetrics, newId } from '@rollcall/platform';
import { buildDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { runAsAdmin } from '../../testing/seed-directory';
import { RequestRecorder } from './record-requests';
import { beginDraft, noteAnswer, noteBody } from './request-draft';

let database: TestDatabase;
let pool: Pool;
let directory: { directoryId: string; secretId: string };

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, poolSize: 1, applicationName: 'test', onError: () => undefined });
  directory = await buildDirectory(database.adminUrl);
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

let lines: { msg: string; requests?: number }[];
let metrics: ReturnType<typeof createMetrics>;
let recorder: RequestRecorder;
let server: FastifyInstance;

/** A server that answers and has recorded what came; of some of it a part cannot be read. */
beforeEach(() => {
  lines = [];
  metrics = createMetrics('test');
  const write = (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]);
  const logger = createLogger('test', { level: 'warn', destination: { write } });
  recorder = new RequestRecorder({ gathering: pool, alone: pool, searches: pool }, logger, metrics);
  server = fastify({ genReqId: () => `req_${newId()}` });
  server.decorateRequest('scimDraft', null);
  server.decorateRequest('bodyLength', 0);
  server.addHook('onResponse', (request, reply, done) => {
    if (request.scimDraft) recorder.record(request, reply, request.scimDraft);
    done();
  });
  server.post<{ Params: { kind: string } }>('/:kind', (request, reply) => {
    beginDraft(request, { ...directory, requestId: newId(), hasChanged: true }, false);
    const { kind } = request.params;
    noteBody(request, kind === 'unreadable-body' ? unreadable() : request.body);
    noteAnswer({ request }, { body: kind === 'unreadable-answer' ? '{"userName": "a' : '{"userName":"ann"}' });
    return reply.code(201).send({ kind });
  });
});

function unreadable(): object {
  return {
    get userName(): string {
      throw new Error('This body cannot be read.');
    },
  };
}

const post = async (kind: string): Promise<number> =>
  (await server.inject({ method: 'POST', url: `/${kind}`, payload: { userName: 'ann' } })).statusCode;

it('answers a request that it cannot write down, and writes the others', async () => {
  expect(await post('good')).toBe(201);
  expect(await post('unreadable-body')).toBe(201);
  expect(await post('unreadable-answer')).toBe(201);
  expect(await post('good')).toBe(201);
  await recorder.onApplicationShutdown();
  const rows = await runAsAdmin<{ response_body: string }>(database.adminUrl, [
    ['SELECT response_body FROM scim_requests WHERE directory_id = $1', [directory.directoryId]],
  ]);
  expect(rows).toEqual([{ response_body: '{"userName":"ann"}' }, { response_body: '{"userName":"ann"}' }]);
  expect(lines.map(({ msg, requests }) => [msg, requests])).toEqual([
    ['could not write the log of requests', 1],
    ['could not write the log of requests', 1],
  ]);
  const counted = await metrics.registry.getSingleMetric('rollcall_scim_requests_unrecorded_total')?.get();
  expect(counted?.values.map(({ value, labels }) => [labels.reason, value])).toEqual([
    ['over_limit', 0],
    ['full', 0],
    ['failed', 2],
  ]);
});
