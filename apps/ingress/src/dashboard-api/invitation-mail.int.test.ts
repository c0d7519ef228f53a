import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { connectDashboard } from './testing/connect-dashboard';
import type { DashboardClient, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), { DEVELOPMENT_MAILBOX: 'true' });
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
});

afterAll(() => test?.stop());

const invite = (email: string) =>
  dashboard.call<{ location: string }>('POST', '/members/invitations', {
    cookie: owner.cookie,
    body: { email, role: 'admin' },
  });

async function mailsTo(address: string): Promise<{ to: string; text: string }[]> {
  const answer = await fetch(`${test.ingress.baseUrl}/dashboard/mailbox`);
  const { mails } = (await answer.json()) as { mails: { to: string; text: string }[] };
  return mails.filter(({ to }) => to === address);
}

it('mails the link of an invitation to whom it is for', async () => {
  const { body } = await invite('ann@example.com');
  const [mail, ...more] = await mailsTo('ann@example.com');
  expect(mail?.text).toContain(body.location);
  expect(more).toEqual([]);
});
