import { AppError, ConfigError } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { describeStartFailure } from './describe-start-failure';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
const wrongPassword = Object.assign(new Error('password authentication failed for user "x"'), { code: '28P01' });

it.each([
  [new ConfigError('PORT', 'must be a whole number.'), 'PORT must be a whole number.'],
  [new AppError({ kind: 'unavailable', code: 'schema_too_old', message: 'Migrate it.' }), 'Migrate it.'],
  [refused, 'The database that DATABASE_URL names cannot be reached (ECONNREFUSED).'],
  [
    new Error('Connection terminated due to connection timeout'),
    'The database that DATABASE_URL names cannot be reached (Connection terminated due to connection timeout).',
  ],
  [
    Object.assign(new Error('sorry, too many clients already'), { code: '53300' }),
    'The database that DATABASE_URL names has no connection left for us: raise max_connections there, or lower DATABASE_POOL_SIZE and QUEUE_POOL_SIZE here.',
  ],
  [
    new Error('The server does not support SSL connections'),
    'The database that DATABASE_URL names offers no TLS: switch ssl on there, or take sslmode out of the URL where the way to it is trusted.',
  ],
  [
    Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    'The database that DATABASE_URL names shows a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): name its authority with sslrootcert=<file> in the URL, and the host as the certificate does.',
  ],
  [
    wrongPassword,
    'The database that DATABASE_URL names refuses us: password authentication failed for user "x" ("npm run rollcall -- migrate" with DATABASE_OWNER_URL makes a login that is missing and gives it the password of DATABASE_URL).',
  ],
])('says in one sentence why a program could not start: %s', (error, sentence) => {
  expect(describeStartFailure(error)).toBe(sentence);
});

it('shows where an error comes from that nobody foresaw', () => {
  expect(describeStartFailure(new TypeError('x is not a function'))).toMatch(
    /^TypeError: x is not a function\n {4}at /,
  );
});
