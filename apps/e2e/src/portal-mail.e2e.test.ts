import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { findViolations } from './support/find-violations';
import { atServer, createPortalOrganization, openPortal, type PortalOrganization } from './support/open-portal';
import { button, dialog, heading } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

// A link that is mailed: the development mailbox, the code, and the people who are told of failures.

const system = usePortalSystem({ own: true });
let organization: PortalOrganization;

beforeAll(async () => {
  organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
  await organization.api('PUT', '/portal_settings', { display_name: 'Harborlight' });
});

const mailbox = () => `${system.rollcall.baseUrl}/dashboard/mailbox`;

interface Mail {
  to: string;
  text: string;
}

async function readMailbox(): Promise<Mail[]> {
  return ((await (await fetch(mailbox())).json()) as { mails: Mail[] }).mails;
}

async function newestCode(): Promise<string> {
  for (const { text } of await readMailbox()) {
    const code = /^ {4}(\d{6})$/m.exec(text)?.[1];
    if (code !== undefined) return code;
  }
  throw new Error('no code was sent');
}

async function mailLink(email: string): Promise<string> {
  await organization.api('PUT', `${organization.path}/portal_links?features=dir_sync`, { email });
  const [newest] = await readMailbox();
  return atServer(system.rollcall, /^https?:\S+$/m.exec(newest?.text ?? '')?.[0] ?? '');
}

const codeField = (page: Page) => page.getByRole('textbox', { name: 'Code' });

describe('a mailed link', () => {
  it('opens by keyboard alone with the code that stands in the mailbox, after a wrong one and a reload', async () => {
    const visit = await openPortal(system.browser, await mailLink('ann@northwind.test'));
    const { page, context } = visit;
    await heading(page, 'Type the code that we sent you').waitFor();
    await page.getByText('a•••@northwind.test').waitFor();
    const code = await newestCode();
    await codeField(page).focus();
    await page.keyboard.type(code === '000000' ? '000001' : '000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('4 more tries').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await page.getByText('a•••@northwind.test').waitFor();
    expect(await newestCode()).toBe(code);
    await codeField(page).focus();
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await heading(page, 'Directory Sync').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });

  it('offers another code when there is time for one, and says when its tries are used up', async () => {
    const { page, context } = await openPortal(system.browser, await mailLink('bob@northwind.test'));
    await page.getByText('b•••@northwind.test').waitFor();
    await page.getByRole('button', { name: /^Send another code in \d+ s$/ }).waitFor();
    const wrong = (await newestCode()) === '000000' ? '000001' : '000000';
    for (const left of ['4 more tries', '3 more tries', '2 more tries', 'One more try', 'not good any more']) {
      await codeField(page).fill(wrong);
      await button(page, 'Open the portal').click();
      await page.getByRole('alert').getByText(left).waitFor();
    }
    expect(await codeField(page).count()).toBe(1);
    await context.close();
  });
});

describe('the development mailbox', () => {
  it('is a page in both themes, with links that lead somewhere', async () => {
    const { page, context } = await openPortal(system.browser, mailbox());
    await heading(page, 'Development mailbox').waitFor();
    expect(await page.getByRole('link', { name: /\/portal\/open#/ }).count()).toBeGreaterThan(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findViolations(page)).toEqual([]);
    }
    await context.close();
  });
});

describe('IT contacts', () => {
  it('are added, changed and removed, and nobody twice', async () => {
    const link = atServer(system.rollcall, await organization.newLink());
    const { page, context } = await openPortal(system.browser, link);
    await heading(page, 'Directory Sync').waitFor();
    await page.getByRole('link', { name: 'IT contacts' }).click();
    await heading(page, 'IT contacts').waitFor();
    await page.getByText('Nobody is told yet').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const add = async (email: string, name: string) => {
      await button(page, 'Add contact').click();
      const asked = dialog(page, 'Add an IT contact');
      await asked.getByRole('textbox', { name: 'E-mail address' }).fill(email);
      await asked.getByRole('textbox', { name: 'Name (optional)' }).fill(name);
      await button(asked, 'Add contact').click();
      return asked;
    };
    await add('ann@northwind.test', 'Ann');
    const list = page.getByRole('list', { name: 'IT contacts' });
    await list.getByText('Ann', { exact: true }).waitFor();
    const again = await add('ANN@northwind.test', '');
    await again.getByRole('alert').getByText('This address is among the contacts already').waitFor();
    await button(again, 'Cancel').click();
    await page.reload();
    await list.getByText('ann@northwind.test').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await button(page, 'Actions for Ann').click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await button(dialog(page, 'Remove this contact?'), 'Remove contact').click();
    await page.getByText('Nobody is told yet').waitFor();
    await context.close();
  });
});

describe('the owner’s settings', () => {
  it('are edited with both themes in sight, refused in words, saved, and still there after a reload', async () => {
    const visit = await becomeOwner(system.rollcall, system.browser);
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await heading(page, 'Settings').waitFor();
    await page.getByLabel('Application name').fill('Lighthouse');
    await page.getByLabel('Accent color', { exact: true }).fill('#ffcc00');
    await page.getByText('Light theme · made readable').waitFor();
    await page.getByLabel('Allowed origins').fill('https://app.lighthouse.test/path');
    await page.getByText('Not an origin: https://app.lighthouse.test/path').waitFor();
    await button(page, 'Save changes').click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Allowed origins').fill('https://app.lighthouse.test');
    await button(page, 'Save changes').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await page.getByLabel('Application name').waitFor();
    expect(await page.getByLabel('Application name').inputValue()).toBe('Lighthouse');
    expect(await page.getByLabel('Allowed origins').inputValue()).toBe('https://app.lighthouse.test');
    await button(page, 'Send test mail').click();
    await page.getByRole('rowheader', { name: 'Test mail' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findViolations(page)).toEqual([]);
    }
    expect((await readMailbox())[0]?.to).toBe('grace@example.com');
    expect(visit.scriptErrors()).toEqual([]);
    await visit.context.close();
  });
});
