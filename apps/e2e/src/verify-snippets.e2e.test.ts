import { createHmac } from 'node:crypto';
import { type Receiver, startReceiver } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { connectManagementApi } from './support/connect-management-api';
import { environmentAddress } from './support/dashboard-page';
import type { PortalVisit } from './support/open-portal';
import { type Delivery, isInstalled, LANGUAGES, startSnippet } from './support/run-snippet';
import { usePortalSystem } from './support/use-portal-system';

// What the dashboard shows for verifying an event in one's own language, run as it is shown against what is really delivered.

const system = usePortalSystem({ own: true });

let receiver: Receiver;
let owner: PortalVisit;
let secret: string;
let delivery: Delivery;

beforeAll(async () => {
  receiver = await startReceiver();
  const { client_id: clientId, client_secret: clientSecret } = system.rollcall.bootstrap;
  const api = await connectManagementApi(system.rollcall.baseUrl, { clientId, clientSecret });
  const made = await api<{ webhook_endpoint: { id: string }; secret: string }>('POST', '/webhook_endpoints', {
    url: receiver.url,
  });
  ({ secret } = made);
  const endpointId = made.webhook_endpoint.id;
  await api('POST', `/webhook_endpoints/${endpointId}:test`, { type: 'organization.directory.user_created' });
  const [sent] = await receiver.waitFor((requests) => requests.length > 0);
  const { headers, body } = sent!;
  const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  delivery = { headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])), body };
  owner = await becomeOwner(system.rollcall, system.browser);
  const { page } = owner;
  await page.goto(`${environmentAddress(page)}/webhooks/${endpointId}/verify`);
});

afterAll(async () => {
  await owner?.context.close();
  await receiver?.stop();
});

/** The text that the dashboard shows for a language. */
async function readSnippet(name: string): Promise<string> {
  const { page } = owner;
  await page.getByLabel('Language', { exact: true }).selectOption(name);
  return (await page.getByRole('region', { name, exact: true }).textContent()) ?? '';
}

/** As somebody signs who does not know the secret, with the key that a program has which was given none. */
function forge({ headers, body }: Delivery): Delivery {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', '').update(text).digest('base64');
  return { headers: { ...headers, 'webhook-signature': `v1,${signature}` }, body };
}

/** As Rollcall signed ten minutes ago. */
function signOld({ headers, body }: Delivery): Delivery {
  const [id = '', at] = [headers['webhook-id'], new Date(Date.now() - 600_000)];
  const signature = new Webhook(secret).sign(id, at, body);
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return { headers: { ...headers, 'webhook-timestamp': timestamp, 'webhook-signature': signature }, body };
}

/** A test runs on no machine without it. */
const NODE = 'Node.js, standardwebhooks';

describe.each(Object.entries(LANGUAGES))('the snippet for %s', (name, language) => {
  // A machine need not have the others.
  const isMissing = name !== NODE && !isInstalled(language);
  const start = async (given: string) => startSnippet(language, await readSnippet(name), given);

  it.skipIf(isMissing)(
    'takes what Rollcall delivers, and refuses what is changed, old, forged or not signed',
    async () => {
      const snippet = await start(secret);
      expect({
        delivered: await snippet.takes(delivery),
        changed: await snippet.takes({ ...delivery, body: delivery.body.replace('{', '{ ') }),
        old: await snippet.takes(signOld(delivery)),
        forged: await snippet.takes(forge(delivery)),
        unsigned: await snippet.takes({ ...delivery, headers: {} }),
      }).toEqual({ delivered: true, changed: false, old: false, forged: false, unsigned: false });
      await snippet.stop();
    },
  );

  // Standard Webhooks' library does not start without a secret.
  it.skipIf(isMissing || name === NODE)(
    'takes nothing when the secret was not set, also what is signed with none',
    async () => {
      const snippet = await start('');
      expect([await snippet.takes(forge(delivery)), await snippet.takes(delivery)]).toEqual([false, false]);
      await snippet.stop();
    },
  );
});
