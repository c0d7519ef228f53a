import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECTIONS } from '../../docs/src/navigation';
import { addressOf } from '../../docs/src/read-page';
import { findViolations } from './support/find-violations';
import { openContext } from './support/open-context';
import { findOverflow, readFocus } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const addresses = SECTIONS.flatMap(({ pages }) => pages).map(addressOf);

let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  context = await openContext(system.browser);
  page = await context.newPage();
});

afterAll(() => context?.close());

const open = (path: string) => page.goto(system.rollcall.baseUrl + path);

/** What reaches beyond the window, but for code and tables, which are scrolled by themselves. */
const findTooWide = async () =>
  (await findOverflow(page)).filter((found) => !/^(PRE|DIV)\S* scrolls sideways$/.test(found));

describe.each(addresses)('%s', (address) => {
  it('can be read and used by everybody, on a telephone too, and asks for nothing that is refused', async () => {
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect((await open(address))?.status()).toBe(200);
      expect(await findTooWide()).toEqual([]);
      expect(await findViolations(page)).toEqual([]);
    }
    expect(refused).toEqual([]);
    page.removeAllListeners('console');
  });
});

it('has enough contrast in the dark', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const address of ['/docs', '/docs/quickstart', '/docs/concepts/delivery', '/docs/errors/scim']) {
    await open(address);
    expect(await findViolations(page)).toEqual([]);
  }
  expect(await page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`)).toBe('rgb(13, 18, 17)');
  await page.emulateMedia({ colorScheme: 'light' });
});

it('is read with the keyboard: past the menu to the text, from page to page', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open('/docs/quickstart');
  await page.keyboard.press('Tab');
  expect(await readFocus(page)).toBe('a "Skip to the text"');
  await page.keyboard.press('Enter');
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('text');
  const next = page.getByRole('navigation', { name: 'Previous and next page' }).getByRole('link', { name: /^Next/ });
  await next.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/docs/concepts/tenancy');
  const here = page.locator('nav.wide [aria-current=page]');
  expect(await here.textContent()).toBe(await page.getByRole('heading', { level: 1 }).textContent());
});

it('is where an error of the API leads to: its code, in sight', async () => {
  const answer = await fetch(`${system.rollcall.baseUrl}/api/v1/organizations`);
  const { error } = (await answer.json()) as { error: { code: string; documentation_url: string } };
  await page.goto(error.documentation_url);
  const target = page.locator(':target');
  expect(await target.textContent()).toBe(error.code);
  expect(
    await page.evaluate<boolean>(`document.querySelector(':target').getBoundingClientRect().top < innerHeight`),
  ).toBe(true);
});

it('is where an error of SCIM leads to: its detail, whatever it was given', async () => {
  const key = 'a'.repeat(26);
  const answer = await fetch(`${system.rollcall.baseUrl}/scim/${key}/v2/Users`);
  const { detail } = (await answer.json()) as { detail: string };
  const [, address = ''] = /^<(.+)>; rel="help"$/.exec(answer.headers.get('link') ?? '') ?? [];
  await page.goto(address);
  expect(await page.locator(':target').textContent()).toBe(detail);
});

it('says of a page that is not there that it is not, with the menu', async () => {
  const answer = await open('/docs/concepts/none');
  expect(answer?.status()).toBe(404);
  await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
  await page.locator('nav.wide').getByRole('link', { name: 'Quickstart' }).click();
  await page.waitForURL('**/docs/quickstart');
});
