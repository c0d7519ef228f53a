import { expect, it } from 'vitest';
import { AppError } from './app-error';
import { createLogger } from './create-logger';

function capture(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  log(createLogger('test', { level: 'info', destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes one JSON line per entry with level, RFC 3339 time and name', () => {
  const [line] = capture((logger) => logger.info({ status: 200 }, 'request'));
  expect(line).toMatchObject({ level: 'info', name: 'test', status: 200, msg: 'request' });
  expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

it('removes secrets and bodies wherever a log call might carry them', () => {
  const lines = capture((logger) => {
    logger.info({ password: 'hunter2', headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' } }, 'a');
    logger.info({ req: { headers: { authorization: 'hunter2', 'set-cookie': 'hunter2' }, body: 'hunter2' } }, 'b');
    logger.info({ client_secret: 'hunter2', plain_secret: 'hunter2', token: 'hunter2', ok: 1 }, 'c');
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines).toMatchObject([{ msg: 'a' }, { msg: 'b' }, { msg: 'c', ok: 1 }]);
});

it('logs an error by its named fields only, so that rows and parameters of database errors stay out', () => {
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "users_user_name"'), {
    code: '23505',
    detail: 'Key (user_name)=(ada@example.com) already exists.',
    parameters: ['ada@example.com'],
  });
  const error = new AppError({
    kind: 'conflict',
    code: 'role_name_taken',
    message: 'Taken.',
    internal: 'users',
    cause,
  });
  const [line] = capture((logger) => logger.error({ err: error }, 'failed'));
  expect(line?.err).toMatchObject({
    code: 'role_name_taken',
    kind: 'conflict',
    internal: 'users',
    cause: { code: '23505' },
  });
  expect(JSON.stringify(line)).not.toContain('ada@example.com');
});
