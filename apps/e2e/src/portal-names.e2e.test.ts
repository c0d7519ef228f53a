import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal } from './support/open-portal';
import { createPortalDirectory, goTo, type PortalDirectory } from './support/portal-directory';
import { findOverflow } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

// What the portal shows was written by others: names may be of any length, in any script, and may deceive.

const system = usePortalSystem();

/** Characters that change the direction of what stands around them, or that are not seen at all. */
const ACTING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

const LONG = [
  ['80 letters', 'A'.repeat(80)],
  ['300 letters', 'm'.repeat(300)],
  ['60 emoji', '👩🏽\u200d🚀'.repeat(60)],
  ['120 Arabic letters', 'محمد'.repeat(30)],
] as const;

/** Names a directory (no control of direction is taken there), its organization, a user with all that belongs to it, and a group. */
async function nameEverything(directory: PortalDirectory, name: string): Promise<void> {
  const { api, organizationId, directoryId } = directory;
  await api('PATCH', `/organizations/${organizationId}`, { display_name: name.slice(0, 200) });
  await api('PATCH', `/organizations/${organizationId}/directories/${directoryId}`, {
    directory: { name: name.slice(0, 200).replaceAll(/\p{Bidi_Control}/gu, '') },
  });
  const user = await directory.createUser(`${name}@example.com`, {
    displayName: name,
    name: { givenName: name, familyName: name },
    title: name,
    externalId: name,
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
  });
  await directory.createGroup(name, [user]);
}

/** Goes to every page that shows a name; `look` is called on each, and over each when something is open there. */
async function visitNames(page: Page, directory: PortalDirectory, look: (where: string) => Promise<void>) {
  const base = `directories/${directory.directoryId}`;
  await page.getByRole('button', { name: 'Actions', exact: true }).waitFor();
  await look('configuration');
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await look('menu');
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').waitFor();
  await look('delete');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await goTo(page, `${base}/users`);
  await page.getByRole('rowheader').first().waitFor();
  await look('users');
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByRole('dialog').getByText('Raw attributes').click();
  await page.getByTestId('raw-attributes').waitFor();
  await look('drawer');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await goTo(page, `${base}/groups`);
  await page.getByRole('rowheader').first().waitFor();
  await look('groups');
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByRole('region', { name: 'About this group' }).getByText('Raw attributes').click();
  await look('group');
  await goTo(page, '');
  await page.getByRole('list', { name: 'Directories' }).waitFor();
  await look('directories');
}

describe('a name without a gap', () => {
  it.each(LONG)('of %s fits every window, and Close stays within reach', async (_what, name) => {
    const directory = await createPortalDirectory(system.rollcall);
    await nameEverything(directory, name);
    const { page, context } = await directory.open(system.browser);
    await visitNames(page, directory, async (where) => {
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 740 });
        expect([width, where, ...(await findOverflow(page))]).toEqual([width, where]);
        const close = page.getByRole('button', { name: 'Close', exact: true });
        if ((await close.count()) === 0) continue;
        const { x, y, width: wide, height: high } = (await close.boundingBox())!;
        expect([x >= 0, x + wide <= width, y >= 0, y + high <= 740]).toEqual([true, true, true, true]);
      }
    });
    expect(await findViolations(page)).toEqual([]);
    await context.close();
  });

  it('of an organization fits the pages that ask and refuse', async () => {
    const [first, second] = [
      await createPortalDirectory(system.rollcall),
      await createPortalDirectory(system.rollcall),
    ];
    const { page, context } = await first.open(system.browser);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const { api, organizationId } of [first, second]) {
      await api('PATCH', `/organizations/${organizationId}`, { display_name: 'W'.repeat(200) });
    }
    const path = `/organizations/${second.organizationId}/portal_links?features=dir_sync`;
    const { link } = await second.api<{ link: { location: string } }>('PUT', path);
    await page.goto(link.location);
    await page.getByRole('button', { name: /^Switch to/ }).waitFor();
    expect(await findOverflow(page)).toEqual([]);
    await context.close();
    const off = await createPortalOrganization(system.rollcall, { name: 'W'.repeat(200), enabled: false });
    const refused = await openPortal(system.browser, await off.newLink());
    await refused.page.setViewportSize({ width: 360, height: 740 });
    await refused.page.getByRole('heading', { name: /is not switched on for/ }).waitFor();
    expect(await findOverflow(refused.page)).toEqual([]);
    await refused.context.close();
  });
});

describe('a name with characters that act unseen', () => {
  const NAME = 'Ada \u202egnp.exe\u2066 \u200bLove\u200elace\u061c';

  it('shows them on every page, lets none of them act, and is searched as it is written', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    await nameEverything(directory, NAME);
    const { page, context } = await directory.open(system.browser);
    await visitNames(page, directory, async (where) => {
      const shown = await page.evaluate<string>(
        `[document.title, document.body.innerText, ...[...document.querySelectorAll('[title], [aria-label]')].flatMap(
          (element) => [element.title, element.getAttribute('aria-label') ?? ''])].join('\\n')`,
      );
      expect([where, ACTING.exec(shown)?.[0]]).toEqual([where, undefined]);
      expect([where, shown]).toEqual([where, expect.stringContaining('U+202E')]);
    });
    expect(await findViolations(page)).toEqual([]);
    await goTo(page, `directories/${directory.directoryId}/users`);
    await page.getByRole('rowheader').first().waitFor();
    const mark = page.locator('tbody').getByText('U+202E', { exact: true }).first();
    expect(await mark.getAttribute('title')).toBe('Invisible character: right-to-left override');
    await page.getByRole('searchbox').fill('\u202enobody');
    await page.getByText('No users match').waitFor();
    expect(await page.getByRole('region', { name: 'Users' }).innerText()).not.toMatch(ACTING);
    await context.close();
  });

  it('is confirmed as it is read, for nobody can type what is not seen', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    await directory.api('PATCH', `/organizations/${directory.organizationId}/directories/${directory.directoryId}`, {
      directory: { name: NAME.replaceAll(/\p{Bidi_Control}/gu, '') },
    });
    const { page, context } = await directory.open(system.browser);
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Ada gnp.exe Lovelace');
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete directory' });
    expect(await confirm.isEnabled()).toBe(true);
    await confirm.click();
    await page.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
    await context.close();
  });

  it('is raw JSON that says the same', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const id = await directory.createUser('ada@example.com', { displayName: NAME });
    const { page, context } = await directory.open(system.browser, `users?user=diruser_${id}`);
    await page.getByText('Raw attributes').click();
    const text = await page.getByTestId('raw-attributes').innerText();
    expect(text).toContain(String.raw`\u202e`);
    expect(JSON.parse(text)).toMatchObject({ displayName: NAME });
    await page.getByRole('button', { name: 'Copy raw attributes' }).click();
    await page.getByRole('button', { name: 'Copied raw attributes' }).waitFor();
    expect(JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()'))).toMatchObject({
      displayName: NAME,
    });
    await context.close();
  });

  describe('is not what a name has', () => {
    const NAMES = [
      ['Persian with its non-joiner', 'علی می\u200cخواهم'],
      ['Hebrew', 'אסתר כהן'],
      ['an emoji of several', 'Ada 👩🏽\u200d🚀'],
      ['a Japanese form of a letter', '葛\u{e0100}城'],
    ] as const;
    let page: Page;

    beforeAll(async () => {
      const directory = await createPortalDirectory(system.rollcall);
      for (const [index, [, displayName]] of NAMES.entries()) {
        await directory.createUser(`person${index}@example.com`, { displayName });
      }
      await directory.createUser('unseen@example.com', { displayName: ' \u200b ' });
      const visit = await directory.open(system.browser, 'users');
      ({ page } = visit);
      return () => visit.context.close();
    });

    it.each(NAMES)('of %s: it is shown as it is written', async (_what, name) => {
      const shown = page.getByRole('row').filter({ hasText: `person${NAMES.findIndex(([, one]) => one === name)}@` });
      const link = shown.getByRole('rowheader').getByRole('link');
      expect(await link.innerText()).toBe(name);
      // A text from right to left is read so, and does not turn what stands beside it.
      const direction = await page.evaluate<string>(
        `getComputedStyle([...document.querySelectorAll('tbody th a bdi')].find((text) => text.textContent === ${JSON.stringify(name)})).direction`,
      );
      expect(direction).toBe(/[\u0590-\u06ff]/u.test(name) ? 'rtl' : 'ltr');
    });

    it('that has nothing else: who has it is called by what there is to see', async () => {
      await page.getByRole('rowheader').getByRole('link', { name: 'unseen@example.com', exact: true }).waitFor();
      expect(await page.getByRole('rowheader').count()).toBe(NAMES.length + 1);
    });
  });
});

describe('the words of the portal', () => {
  it('name a provider and its catalog as its administrators know them, in sentences that begin at their beginning', async () => {
    const directory = await createPortalDirectory(system.rollcall, 'CUSTOM');
    const { page, context } = await directory.open(system.browser);
    const field = page.getByText('Authentication', { exact: true }).locator('..');
    expect(await field.innerText()).not.toMatch(/^\s*,/m);
    expect(await page.evaluate<number>(`document.querySelectorAll('span[aria-label]:not([role])').length`)).toBe(0);
    await goTo(page, 'directories/new');
    await page.getByRole('heading', { name: 'Ping Identity', exact: true }).waitFor();
    await page.getByText('Catalog app or your own SAML or SWA app').waitFor();
    await context.close();
    const okta = await (await createPortalDirectory(system.rollcall)).open(system.browser);
    await okta.page.getByRole('heading', { name: 'Assign a small test group first' }).waitFor();
    expect(await okta.page.evaluate<number>(`document.querySelectorAll('span[aria-label]:not([role])').length`)).toBe(
      0,
    );
    await okta.context.close();
  });
});
