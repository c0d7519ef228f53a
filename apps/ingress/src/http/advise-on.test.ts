import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { adviseOn } from './advise-on';

const problem = { status: 409, message: 'The role is in use.' };

it('tells what to do by what stands in the way', () => {
  expect(adviseOn({ ...problem, code: 'role_in_use', details: { directory_ids: ['dir_1'] } })).toMatch(/assignments/);
  expect(adviseOn({ ...problem, code: 'role_in_use' })).toMatch(/set_defaults/);
  expect(adviseOn({ ...problem, code: 'not_found' })).toBeUndefined();
});

const LIBS = fileURLToPath(new URL('../../../../libs/', import.meta.url));
/** The libraries that refuse, and must not know how they are called. */
const REFUSING = ['directory', 'management', 'pipeline-store', 'scim-store', 'webhooks', 'events'];

it.each(REFUSING)('finds no route in the sentences of libs/%s', (lib) => {
  const files = readdirSync(`${LIBS}${lib}/src`, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('test'),
  );
  expect(files.length).toBeGreaterThan(0);
  const telling = files.filter((name) =>
    /(GET|POST|PUT|PATCH|DELETE) \//.test(readFileSync(`${LIBS}${lib}/src/${name}`, 'utf8')),
  );
  expect(telling).toEqual([]);
});
