import { expect, it } from 'vitest';
import { createDataSource } from '@rollcall/database';
import { newId } from '@rollcall/platform';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const suite = useScim();

/** Members that nobody knows: they are as much work as others. */
const members = (count: number) => Array.from({ length: count }, () => ({ value: newId() }));

const add = (scim: ScimClient, groupId: string, count: number) =>
  scim('PATCH', `/Groups/${groupId}`, patchBody({ op: 'add', path: 'members', value: members(count) }));

it('lets one write of many members go at a time in a directory; small ones and those of others do not wait for it', async () => {
  const [scim, other] = [scimClient(await suite.seed()), scimClient(await suite.seed())];
  const groups = await Promise.all([scim, scim, scim, other].map((client) => suite.makeGroup([], client)));
  const [held = '', next = '', small = '', others = ''] = groups.map(({ id }) => id);
  const holder = await createDataSource({ url: suite.adminUrl(), poolSize: 1 }).initialize();
  const order: string[] = [];
  const told = async (name: string, answer: ReturnType<ScimClient>) => {
    expect([name, (await answer).status]).toEqual([name, 204]);
    order.push(name);
  };
  let all: Promise<void[]>;
  await holder.query('BEGIN');
  try {
    await holder.query('SELECT 1 FROM directory_groups WHERE id = $1 FOR UPDATE', [held]);
    const waiting = [told('held', add(scim, held, 60)), told('next', add(scim, next, 60))];
    await Promise.all([told('small', add(scim, small, 1)), told('others', add(other, others, 60))]);
    all = Promise.all(waiting);
    expect(order.toSorted()).toEqual(['others', 'small']);
  } finally {
    await holder.query('COMMIT');
    await holder.destroy();
  }
  await all;
  expect(order.slice(2)).toEqual(['held', 'next']);
});
