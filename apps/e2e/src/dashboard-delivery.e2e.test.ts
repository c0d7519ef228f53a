import { startReceiver, type Receiver, waitUntil } from '@rollcall/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { dashboardLink, environmentAddress, OWNER } from './support/dashboard-page';
import { inspectPage } from './support/inspect-page';
import { inviteViewer } from './support/invite-viewer';
import { createPortalOrganization, type PortalVisit } from './support/open-portal';
import { button, heading } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem({ own: true });

let receiver: Receiver;
let visit: PortalVisit;
let page: Page;
let context: BrowserContext;
let secret: string;

// The tests of this file are one visit of the owner's: each goes on where the one before ended.
beforeAll(async () => {
  receiver = await startReceiver();
  receiver.answerWith(() => ({ status: 200, body: 'thank you' }));
  visit = await becomeOwner(system.rollcall, system.browser);
  ({ page, context } = visit);
});

afterAll(async () => {
  await context?.close();
  await receiver?.stop();
});

const link = (name: string) => dashboardLink(page, name);
const dialog = () => page.getByRole('dialog');
const rowOf = (text: string) => page.getByRole('row').filter({ hasText: text });

describe('an endpoint', () => {
  it('is refused in words while its address cannot be one, and then made', async () => {
    await link('Webhooks').click();
    await heading(page, 'Webhooks').waitFor();
    await button(page, 'Create endpoint').click();
    await dialog().getByLabel('URL').fill('http://user:pass@');
    await dialog().getByText('The URL has to be complete').waitFor();
    await dialog().getByLabel('URL').fill(`${receiver.url}#x`);
    await button(page, 'Create').click();
    await dialog().getByRole('alert').getByText('is refused').waitFor();
    expect(await dialog().getByLabel('URL').inputValue()).toBe(`${receiver.url}#x`);
    await dialog().getByLabel('URL').fill(receiver.url);
    await dialog().getByLabel('Description').fill('The app under test');
    await button(page, 'Create').click();
  });

  it('has its secret shown once, and asks who has not copied it', async () => {
    await dialog().getByText('Your signing secret').waitFor();
    await button(page, 'Done').click();
    await dialog().getByText('Nothing was copied yet').waitFor();
    secret = (await dialog().locator('code').first().textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await dialog().getByRole('button', { name: 'Copy Signing secret' }).click();
    await button(page, 'Done').click();
    await heading(page, receiver.url).waitFor();
    await page.getByText('Healthy').waitFor();
  });
});

describe('a test event', () => {
  it('arrives signed, and its attempt is shown with the request as it was and the answer', async () => {
    await button(page, 'Send test event').click();
    await dialog().getByLabel('Event type').selectOption('organization.directory.group_created');
    await button(page, 'Send').click();
    await waitUntil(() => receiver.requests.length === 1, { what: 'the test event' });
    const [sent] = receiver.requests;
    const event = new Webhook(secret).verify(sent?.body ?? '', sent?.headers as Record<string, string>);
    expect(event).toMatchObject({ type: 'organization.directory.group_created', test: true });

    await page.waitForURL(/delivery=dlv_/);
    await dialog().getByText('Delivered').waitFor();
    await dialog().getByText('Attempt 1').click();
    await dialog().getByRole('region', { name: 'Request headers' }).getByText('webhook-signature').waitFor();
    expect(await dialog().getByRole('region', { name: 'Request headers' }).textContent()).toContain(
      String(sent?.headers['webhook-signature']),
    );
    expect(await dialog().getByRole('region', { name: 'Request body' }).textContent()).toBe(sent?.body);
    expect(await dialog().getByRole('region', { name: 'Answer body' }).textContent()).toBe('thank you');
  });

  it('is still open after a reload, and gone with the way back', async () => {
    await page.reload();
    await dialog().getByText('Delivered').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('failed');
    await page.getByText('No deliveries match').waitFor();
    await page.goBack();
    await rowOf('organization.directory.group_created').waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('');
  });
});

describe('an event', () => {
  it('is found among the others, shown as it was sent, and leads to its delivery', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
    await organization.api('POST', `${organization.path}/directories`, {
      directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
    });
    await link('Events').click();
    await page.getByRole('link', { name: 'organization.directory_created' }).click();
    await heading(page, 'organization.directory_created').waitFor();
    await page.getByRole('link', { name: 'Northwind' }).waitFor();
    await button(page, 'Show raw').click();
    await waitUntil(() => receiver.requests.length === 2, { what: 'the event' });
    const shown = page.getByRole('region', { name: 'Event', exact: true });
    await expect.poll(() => shown.textContent()).toBe(receiver.requests[1]?.body);
    await page.getByRole('link', { name: receiver.url }).click();
    await dialog().getByText('Attempt 1').waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('an API client', () => {
  it('is made, works, and is refused once it is revoked', async () => {
    await link('API clients').click();
    await button(page, 'Create API client').click();
    await dialog().getByLabel('Name').fill('CI');
    await button(page, 'Create').click();
    const key = await dialog().getByText(/^sk_/).first().textContent();
    await dialog().getByRole('button', { name: 'Copy API key' }).click();
    await button(page, 'Done').click();
    const ask = async () => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(`${system.rollcall.baseUrl}/api/v1/organizations`, { headers })).status;
    };
    expect(await ask()).toBe(200);
    await button(page, 'Actions for CI').click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await dialog().getByLabel('Type CI to confirm').fill('CI');
    await button(page, 'Revoke').click();
    await rowOf('CI').waitFor({ state: 'detached' });
    expect(await ask()).toBe(401);
  });
});

describe('the audit log', () => {
  it('tells who did it, and leads to the history of one object', async () => {
    await link('Audit log').click();
    const tested = rowOf('Sent a test event to the webhook endpoint');
    await tested.getByRole('button', { name: OWNER.name }).waitFor();
    await tested.getByRole('button', { name: 'Its history' }).click();
    await page.waitForURL(/target_id=whe_/);
    await rowOf('Created the webhook endpoint').waitFor();
    await expect.poll(() => rowOf('Revoked the API client').count()).toBe(0);
  });

  it('exports what the filters let through', async () => {
    const saving = page.waitForEvent('download');
    await button(page, 'Export').click();
    const stream = await (await saving).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const entries = Buffer.concat(chunks).toString('utf8').trim().split('\n');
    const actions = entries.map((line) => (JSON.parse(line) as { action: string }).action);
    expect(actions.toSorted()).toEqual(['webhook_endpoint.created', 'webhook_endpoint.tested']);
  });

  it('is narrowed by a time once that is whole, and what is typed of it stays', async () => {
    const asked = new Set<string>();
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/v1/audit_log') asked.add(searchParams.get('from_time') ?? '');
    });
    const since = page.getByLabel('Since');
    await since.focus();
    await page.keyboard.type('01022020');
    expect(await page.evaluate<boolean>('document.activeElement.validity.badInput')).toBe(true);
    await page.keyboard.type('1030AM');
    expect(await since.inputValue()).toBe('2020-01-02T10:30');
    await page.waitForURL(/from_time=/);
    const time = new URL(page.url()).searchParams.get('from_time');
    await page.keyboard.press('Backspace');
    await page.getByLabel('Until').focus();
    expect(await since.inputValue()).toBe('');
    expect(new URL(page.url()).searchParams.get('from_time')).toBe(time);
    await button(page, 'Clear filters').click();
    await page.waitForURL((url) => url.search === '');
    expect([...asked].filter((one) => one !== '')).toEqual([time]);
  });
});

describe('an endpoint of an app that was written for another service', () => {
  const choose = async (form: string) => {
    await button(page, 'Actions').click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await dialog().getByLabel('Form of events').selectOption({ label: form });
  };

  it('gets the form of that service, which its settings name and the way to verify follows', async () => {
    await link('Webhooks').click();
    // The page that is being left names the endpoint too, once for each delivery.
    await heading(page, 'Webhooks').waitFor();
    await page.getByRole('link', { name: receiver.url }).click();
    await choose('As WorkOS sends them');
    await dialog()
      .getByRole('radio', { name: /^As deleted/ })
      .waitFor();
    await button(page, 'Save').click();
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByText('WorkOS; deactivated users as deleted').waitFor();
    await page.getByRole('link', { name: 'Verify' }).click();
    const code = page.getByRole('region', { name: 'Node.js' });
    await expect.poll(() => code.textContent()).toContain('workos.webhooks.constructEvent');
  });

  it('is told when that service has nothing for an event, and gets its own form back', async () => {
    await button(page, 'Send test event').click();
    const requests = receiver.requests.length;
    await dialog().getByLabel('Event type').selectOption('organization.directory_disabled');
    await button(page, 'Send').click();
    await dialog().getByText('Nothing to send').waitFor();
    await dialog().getByText('Attempt 1').click();
    await dialog().getByText('There was no request.').waitFor();
    await page.keyboard.press('Escape');
    expect(receiver.requests).toHaveLength(requests);
    await choose('As they are');
    await button(page, 'Save').click();
    await dialog().waitFor({ state: 'detached' });
  });
});

describe('the overview', () => {
  it('shows what was delivered, as charts and as tables', async () => {
    await link('Overview').click();
    await page.getByRole('link', { name: 'Hour: the last hour' }).click();
    await page.waitForURL(/period=hour/);
    // Traffic is stored every few seconds.
    await page.getByRole('img', { name: /^Traffic/ }).waitFor();
    await button(page, 'Show as table: Traffic').click();
    const rows = page.getByRole('table', { name: 'Traffic' }).getByRole('row');
    // A row for each minute, and one for the names of the columns.
    await expect.poll(() => rows.count()).toBe(61);
  });
});

describe('a viewer', () => {
  it('sees all of it, and no button that would change something', async () => {
    const viewer = await inviteViewer(page, system.browser);
    await viewer.page.getByRole('link', { name: 'Webhooks' }).click();
    await viewer.page.getByRole('link', { name: receiver.url }).click();
    await viewer.page.getByRole('button', { name: 'organization.directory.group_created' }).click();
    await viewer.page.getByRole('dialog').getByText('Attempt 1').waitFor();
    const changing = viewer.page.getByRole('button', { name: /^(create|send|attempt|actions|revoke|rotate)/i });
    expect(await changing.count()).toBe(0);
    await viewer.page.keyboard.press('Escape');
    await viewer.page.getByRole('link', { name: 'API clients' }).click();
    await button(viewer.page, 'Actions for First client').click();
    expect(await viewer.page.getByRole('menuitem').allTextContents()).toEqual(['Show history']);
    await viewer.context.close();
  });
});

describe('each page', () => {
  it.each(['/', '/webhooks', '/events', '/api-clients', '/audit-log'])(
    '%s is accessible in both themes, and not wider than a narrow window',
    async (path) => {
      await page.goto(environmentAddress(page) + path);
      // The page that opens the dashboard has a heading of its own.
      await page.locator('#main').getByRole('heading', { level: 1 }).waitFor();
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      expect(await inspectPage(page)).toEqual([]);
    },
  );

  it('has no error of a script, and nothing that its policy refused', () => {
    expect(visit.scriptErrors()).toEqual([]);
  });
});
