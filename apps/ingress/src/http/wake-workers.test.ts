import { Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WAKE_UPS } from './context.module';
import { answerAndWake, WakesWorkers } from './wake-workers.interceptor';

const endpoint = { environmentId: 'e', endpointId: 'w' };
const calls: unknown[] = [];
const wakeUps = {
  drainDirectory: (id: string) => calls.push(['drain', id]),
  deliverEndpoint: (key: object) => calls.push(['deliver', key]),
};

@Controller()
@WakesWorkers()
class Writes {
  @Post('both')
  both() {
    const committed = { result: 1, wake: { directoryIds: ['a', 'b'], endpoints: [endpoint] } };
    return answerAndWake(committed, (result) => {
      calls.push('rendered');
      return { result };
    });
  }

  @Post('none')
  none() {
    return { plain: true };
  }

  @Post('empty')
  @HttpCode(204)
  empty() {
    return answerAndWake({ result: undefined, wake: { directoryIds: ['a'] } }, () => undefined);
  }

  @Post('failed')
  failed(): never {
    throw new Error('rolled back');
  }
}

@Module({ controllers: [Writes], providers: [{ provide: WAKE_UPS, useValue: wakeUps }] })
class WritesModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(WritesModule, new FastifyAdapter(), { logger: false });
  await app.init();
});

afterAll(() => app?.close());

beforeEach(() => {
  calls.length = 0;
});

const post = (url: string) => app.inject({ method: 'POST', url });

it('wakes the workers for each directory and endpoint, and answers what was rendered', async () => {
  expect((await post('/both')).json()).toEqual({ result: 1 });
  expect(calls).toEqual(['rendered', ['drain', 'a'], ['drain', 'b'], ['deliver', endpoint]]);
});

it('leaves other answers as they are, and an empty one empty', async () => {
  expect((await post('/none')).json()).toEqual({ plain: true });
  expect(calls).toEqual([]);
  const empty = await post('/empty');
  expect([empty.statusCode, empty.body]).toEqual([204, '']);
  expect(calls).toEqual([['drain', 'a']]);
});

it('wakes nobody for what failed', async () => {
  expect((await post('/failed')).statusCode).toBe(500);
  expect(calls).toEqual([]);
});
