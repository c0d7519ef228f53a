import { AppError } from '@rollcall/platform';
import fastify from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerProblem } from './answer-problem';
import { toProblem } from './to-problem';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('a refusal waits for no body that was read, also where the request came through no connection', async () => {
  const server = fastify();
  server.setErrorHandler((error, request, reply) => answerProblem(request, reply, toProblem(error)));
  server.post('/api/v1/refused', async () => {
    // The end of its body has been told by then.
    await new Promise((resolve) => setImmediate(resolve));
    throw new AppError({ kind: 'unavailable', code: 'unavailable', message: 'Away.', retryAfterSeconds: 5 });
  });
  const { statusCode, headers } = await server.inject({
    method: 'POST',
    url: '/api/v1/refused',
    payload: { name: 'x' },
  });
  expect([statusCode, headers['retry-after']]).toEqual([503, '5']);
  await server.close();
});
