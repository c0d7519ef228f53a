import { PROVIDERS } from '@rollcall/contract';
import { waitUntil } from '@rollcall/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { findUntranslated } from './support/find-untranslated';
import { createPortalOrganization, openPortal, type PortalOrganization } from './support/open-portal';
import { createPortalDirectory, goTo } from './support/portal-directory';
import { button, configureButton, dialog } from './support/portal-page';
import { findOverflow, readFocus } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem({ own: true });

let organization: PortalOrganization;

beforeAll(async () => {
  organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
});

const open = async (locale: string) => openPortal(system.browser, await organization.newLink(), true, locale);

const languageOf = (page: Page): Promise<string> => page.evaluate<string>('document.documentElement.lang');

/** What the first step is called, in each language. */
const CHOOSE = {
  en: 'Select your directory provider',
  de: 'Wählen Sie Ihren Verzeichnisanbieter',
  fr: 'Choisissez votre fournisseur d’annuaire',
  es: 'Seleccione su proveedor de directorio',
  ja: 'ディレクトリプロバイダーを選択してください',
};

const chooseHeading = (page: Page, language: keyof typeof CHOOSE) =>
  page.getByRole('heading', { level: 2, name: CHOOSE[language] });

describe('the language of the portal', () => {
  it.each([
    ['de-CH', 'de'],
    ['fr-CA', 'fr'],
    ['es-419', 'es'],
    ['ja-JP', 'ja'],
    ['pt-BR', 'en'],
  ] as const)('for a browser that is in %s is %s, and the document says so', async (locale, language) => {
    const visit = await open(locale);
    const { page, context } = visit;
    await chooseHeading(page, language).waitFor();
    expect(await languageOf(page)).toBe(language);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await findOverflow(page)).toEqual([]);
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });

  it('is what the reader chooses, with the keyboard alone, also after a reload and in another tab', async () => {
    const { page, context } = await open('en-US');
    await button(page, 'Language: English').focus();
    await page.keyboard.press('Enter');
    expect(await readFocus(page)).toBe('button "English"');
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('d');
    await page.keyboard.press('Enter');
    await chooseHeading(page, 'de').waitFor();
    await button(page, 'Sprache: Deutsch').waitFor();
    await page.reload();
    await chooseHeading(page, 'de').waitFor();
    const other = await context.newPage();
    await other.goto(page.url());
    await chooseHeading(other, 'de').waitFor();
    await context.close();
  });

  it('is kept for the page where the browser keeps nothing', async () => {
    const { page, context } = await open('en-US');
    await chooseHeading(page, 'en').waitFor();
    await context.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });`,
    );
    await page.reload();
    await button(page, 'Language: English').click();
    await page.getByRole('menuitemradio', { name: 'Français' }).click();
    await chooseHeading(page, 'fr').waitFor();
    await page.reload();
    await chooseHeading(page, 'fr').waitFor();
    expect(await languageOf(page)).toBe('fr');
    await button(page, 'Langue : Français').click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await chooseHeading(page, 'en').waitFor();
    await context.close();
  });

  it('is not needed to say that its texts cannot be had, and to reload', async () => {
    const { page, context } = await open('de-CH');
    await chooseHeading(page, 'de').waitFor();
    const texts = (url: URL) => /\/assets\/de-[^/]+\.js$/.test(url.pathname);
    await page.route(texts, (route) => route.abort());
    await page.reload();
    await page.getByRole('alert').getByText('This page could not be loaded').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await findOverflow(page)).toEqual([]);
    await page.unroute(texts);
    await page.getByRole('button', { name: 'Reload' }).click();
    await chooseHeading(page, 'de').waitFor();
    await context.close();
  });

  it('is changed only after a question while a token has not been copied', async () => {
    const own = await createPortalOrganization(system.rollcall, { name: 'Globex' });
    const { page, context } = await openPortal(system.browser, await own.newLink());
    await configureButton(page, 'Okta').click();
    await page.getByRole('group', { name: 'Bearer token', exact: true }).waitFor();
    await button(page, 'Language: English').click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    const question = dialog(page, 'Load the page in another language?');
    await question.getByText(/^The token .* has not been copied\.$/).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await button(question, 'Cancel').click();
    expect(await languageOf(page)).toBe('en');
    await button(page, 'Language: English').click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    page.on('dialog', (asked) => void asked.accept());
    await button(question, 'Change the language').click();
    await button(page, 'Sprache: Deutsch').waitFor();
    await context.close();
  });
});

describe('where one writes from right to left', () => {
  it('the pages find their places: nothing reaches beyond the window, and the menu stays within it', async () => {
    const { page, context } = await open('en-US');
    await chooseHeading(page, 'en').waitFor();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate("document.documentElement.dir = 'rtl'");
      expect(await findOverflow(page)).toEqual([]);
      await button(page, 'Language: English').click();
      expect(await findOverflow(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await context.close();
  });
});

/** What is there once the page of a directory has all of it. */
const GUIDE = '[data-testid=guide-progress]';

/** Something of everything that the portal shows: the address of each page below `/portal/`, and what is there once it has all of it. */
async function provisionPages() {
  const directory = await createPortalDirectory(system.rollcall);
  const { api, organizationId, directoryId } = directory;
  const path = `/organizations/${organizationId}`;
  const ofDirectory = `${path}/directories/${directoryId}`;
  await api('PUT', '/portal_settings', { admin_may_map_roles: true, admin_may_map_attributes: true });
  await api('POST', `${path}/contacts`, { name: 'Ida Berg', email: 'ida@acme.test' });
  await api('POST', '/roles', { role_name: 'admin', display_name: 'Admin' });
  const ids: string[] = [];
  for (const name of ['ann', 'ben', 'cleo', 'dan']) {
    ids.push(await directory.createUser(`${name}@acme.test`, { displayName: name, title: 'CEO' }));
  }
  const groupId = await directory.createGroup('Staff', ids);
  await directory.createUser('ann@acme.test').catch(() => undefined);
  await api('PUT', `${ofDirectory}/groups/-/roles:assign`, {
    assignments: [{ group_id: `dirgroup_${groupId}`, role_name: 'admin' }],
  });
  await api('PATCH', ofDirectory, { directory: { deprovision_guard: { max_users: 1 } } });
  for (const id of ids.slice(1)) await directory.scim('DELETE', `/Users/${id}`);
  await waitUntil(async () => (await api<{ held_users: object[] }>('GET', `${ofDirectory}/held_users`)).held_users[0], {
    what: 'a held user',
  });
  // The log of requests is written a moment after they are answered.
  const refused = await waitUntil(
    async () => {
      const { requests } = await api<{ requests: { id: string; status: number }[] }>('GET', `${ofDirectory}/requests`);
      return requests.find(({ status }) => status === 409);
    },
    { what: 'the refused request' },
  );
  const { hand_over: handOver } = await api<{ hand_over: { location: string } }>(
    'POST',
    `${ofDirectory}/hand_overs`,
    {},
  );
  const guides: [string, string][] = [];
  for (const { id: provider } of PROVIDERS) {
    const body = { directory: { directory_type: 'SCIM', directory_provider: provider } };
    const made = await api<{ directory: { id: string } }>('POST', `${path}/directories`, body);
    guides.push([`directories/${made.directory.id}`, GUIDE]);
  }
  const base = `directories/${directoryId}`;
  const pages: [address: string, shown: string][] = [
    ['', 'main li'],
    ['contacts', 'main li'],
    ['directories/new', 'main section button'],
    [base, GUIDE],
    ...guides,
    [`${base}/hand-over`, 'main li'],
    [`${base}/users`, 'tbody tr'],
    [`${base}/users?user=diruser_${ids[0]}`, 'dialog [data-testid=raw-attributes]'],
    [`${base}/users/diruser_${ids[0]}/explanation`, 'main table'],
    [`${base}/groups`, 'tbody tr'],
    [`${base}/groups/dirgroup_${groupId}`, 'tbody tr'],
    [`${base}/activity`, 'tbody tr'],
    [`${base}/activity?user_name=nobody@acme.test`, 'main section'],
    [`${base}/activity/${refused.id}`, 'article pre'],
    [`${base}/mapping`, 'main li'],
    [`${base}/held`, 'tbody tr'],
    [`${base}/nowhere`, 'h1'],
    [`hand-over${new URL(handOver.location).hash}`, '[data-testid=guide-progress]'],
    ['hand-over', 'h1'],
    ['open', 'h1'],
    ['unsubscribe#nothing', 'h1'],
  ];
  const newLink = async () => {
    const { link } = await api<{ link: { location: string } }>('PUT', `${path}/portal_links?features=dir_sync`);
    return link.location;
  };
  return { pages, newLink };
}

/** Goes to a page as a link does, without loading the document anew. What is shown of the page before is not taken for what is to come. */
async function followTo(page: Page, address: string, shown: string): Promise<void> {
  await page.evaluate(`{
    document.querySelector('${shown}')?.removeAttribute('data-testid');
    history.pushState(null, '', '/portal/${address}');
    dispatchEvent(new PopStateEvent('popstate'));
  }`);
}

describe('every page of the portal', () => {
  let provisioned: Awaited<ReturnType<typeof provisionPages>>;

  beforeAll(async () => {
    provisioned = await provisionPages();
  });

  it.each(['de', 'fr', 'es', 'ja'])('is all in %s, and fits a narrow window and a wide one', async (locale) => {
    const visit = await openPortal(system.browser, await provisioned.newLink(), true, locale);
    const { page, context } = visit;
    await page.locator('main li').first().waitFor();
    const found: string[] = [];
    for (const [address, shown] of provisioned.pages) {
      // Each language has all of the guides; that they are loaded with their page is the same in each.
      if (locale !== 'de' && shown === GUIDE) await followTo(page, address, shown);
      else await goTo(page, address);
      await page.locator(shown).first().waitFor({ state: 'attached' });
      await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      const problems = (await findUntranslated(page)).map((text) => `not in ${locale}: ${text}`);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        problems.push(...(await findOverflow(page)).map((what) => `${width}: ${what}`));
      }
      // What makes a page accessible is the same in each language, but for how much room its words take: German takes the most.
      if (locale === 'de') problems.push(...(await findViolations(page)));
      found.push(...problems.map((problem) => `${address}: ${problem}`));
    }
    expect(found).toEqual([]);
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });
});
