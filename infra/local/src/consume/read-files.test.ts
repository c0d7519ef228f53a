import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '@rollcall/embedded-postgres';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { readEnvironmentFile } from './environment-file';
import { readSeed } from './seed-file';
import { readYaml } from './read-yaml';

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
  [
    'webhook_endpoints[1].url is "https://a.test", as that of webhook_endpoints[0].',
    { webhook_endpoints: [{ url: 'https://a.test' }, { url: 'https://a.test' }] },
  ],
  [
    'organizations[0].directories[1].name is "D", as that of organizations[0].directories[0].',
    {
      organizations: [
        {
          external_id: 'a',
          display_name: 'A',
          directories: ['OKTA', 'CUSTOM'].map((provider) => ({ name: 'D', provider })),
        },
      ],
    },
  ],
  ['webhook_endpoints[0].secret is not known', { webhook_endpoints: [{ url: 'https://a.test', secret: 'x' }] }],
])('a file that is none is refused by its place: %s', (message, file) => {
  expect(() => readEnvironmentFile(file, '')).toThrow(StartError);
  expect(() => readEnvironmentFile(file, '')).toThrow(message);
});

it('an endpoint asks for no other filters than the file names', () => {
  const { webhook_endpoints: endpoints } = readEnvironmentFile({ webhook_endpoints: [{ url: 'https://a.test' }] }, '');
  expect(endpoints).toEqual([{ url: 'https://a.test' }]);
});

it('an endpoint whose dialect is null is to have none', () => {
  const endpoint = { url: 'https://a.test', dialect: null, deactivation: null };
  const { webhook_endpoints: endpoints } = readEnvironmentFile({ webhook_endpoints: [endpoint] }, '');
  expect(endpoints).toEqual([endpoint]);
});

it('a user without a userName is refused by its place, and not shown', () => {
  const users = [{ userName: 'ada' }, { password: 'hunter2', displayName: 'Bob' }];
  const directories = [{ name: 'D', provider: 'OKTA', users }];
  const file = { organizations: [{ external_id: 'a', display_name: 'A', directories }] };
  expect(() => readSeed(file, '')).toThrow(
    new StartError('organizations[0].directories[0].users[1].userName must be a text.'),
  );
});

it.each([
  ['aliases that multiply', ['&a0 [x]', ...[1, 2, 3, 4, 5].map((n) => `&a${n} [${`*a${n - 1},`.repeat(9)}]`)]],
  ['an alias of nothing', ['*nothing']],
])('a YAML file with %s is refused', async (_, lines) => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-yaml-'));
  const path = join(folder, 'file.yaml');
  writeFileSync(path, lines.map((line) => `- ${line}\n`).join(''));
  await expect(readYaml(path)).rejects.toThrow(StartError);
  rmSync(folder, { recursive: true });
});
