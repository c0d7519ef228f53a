import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StartError } from '@rollcall/embedded-postgres';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { readEnvironmentFile } from './environment-file';
import { readSeed } from './seed-file';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const [seedExample, environmentExample] = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, yaml = '']) => parse(yaml) as unknown,
);

it('the files that the README shows are such files', () => {
  expect(readSeed(seedExample, '').organizations[0]?.directories[0]?.users).toHaveLength(1);
  expect(readEnvironmentFile(environmentExample, '')).toMatchObject({
    default_role: 'admin',
    organizations: [{ directory_sync: true }],
    webhook_endpoints: [{ organizations: ['acme'] }],
  });
});

it.each([
  [null, 'webhook_endpoints', []],
  [{}, 'roles', []],
])('a file that says nothing asks for nothing: %j', (file, key, value) => {
  expect(readEnvironmentFile(file, '')).toMatchObject({ [key]: value });
});

it.each([
  ['The file must be an object.', []],
  ['roles must be a list.', { roles: 'admin' }],
  ['roles[0].role_name must be a text.', { roles: [{ role_name: 1 }] }],
  [
    'organizations[0].directory_sync must be true or false.',
    { organizations: [{ external_id: 'a', display_name: 'A', directory_sync: 'yes' }] },
  ],
  ['webhook_endpoints[0].secret is not known', { webhook_endpoints: [{ url: 'https://a.test', secret: 'x' }] }],
])('a file that is none is refused by its place: %s', (message, file) => {
  expect(() => readEnvironmentFile(file, '')).toThrow(StartError);
  expect(() => readEnvironmentFile(file, '')).toThrow(message);
});
