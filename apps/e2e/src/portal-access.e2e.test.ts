import { waitUntil } from '@rollcall/testing';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import type { PortalVisit } from './support/open-portal';
import { createPortalDirectory, goTo, type PortalDirectory } from './support/portal-directory';
import { button } from './support/portal-page';
import { findNarrowTexts, findOverflow, readFocus, setTextSize } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

// The portal for who reads large text, uses no mouse, or wants nothing to move.

const system = usePortalSystem();

const WINDOWS = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

/** What leads to a user's details. */
function row(page: Page, name: string): Locator {
  return page.getByRole('rowheader').getByRole('link', { name, exact: true });
}

/** Asks for everything anew, as a window does that comes to the front. */
const refresh = (page: Page): Promise<void> =>
  page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);

/** What an administrator needs no more once the directory is connected is folded. */
const openTokens = (page: Page): Promise<void> => page.getByText('Endpoint URL and tokens', { exact: true }).click();

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await target.focus();
  await page.keyboard.press(key);
}

describe('a list of three pages', () => {
  const PEOPLE = 45;
  let directory: PortalDirectory;
  let visit: PortalVisit;
  let page: Page;

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    const people = Array.from({ length: PEOPLE }, (_, index) => `person${String(index).padStart(2, '0')}@example.com`);
    for (const userName of people) await directory.createUser(userName);
    visit = await directory.open(system.browser, 'users');
    ({ page } = visit);
    return () => visit.context.close();
  });

  const expectRange = async (text: string) => {
    await page.getByTestId('list-range').getByText(text, { exact: true }).waitFor();
    await waitUntil(
      async () => (await page.getByRole('table', { name: 'Users' }).getAttribute('aria-busy')) === 'false',
      {
        what: 'the page to arrive',
      },
    );
  };

  it('shows who uses a pointer the new page from its top, and hears which rows these are', async () => {
    await expectRange('1–20 of 45');
    await button(page, 'Next').click();
    await expectRange('21–40 of 45');
    await page.getByTestId('announcer').getByText('Users: 21–40 of 45').waitFor();
    expect(await readFocus(page)).toBe('section "Users"');
    const { y } = (await page.getByRole('region', { name: 'Users' }).boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(300);
    expect(await findViolations(page)).toEqual([]);
  });

  it('lets who uses the keyboard press the same button again, and is at its top all the same', async () => {
    await press(page, button(page, 'Next'));
    await expectRange('41–45 of 45');
    expect(await readFocus(page)).toBe('button "Next"');
    await press(page, button(page, 'Previous'));
    await expectRange('21–40 of 45');
    expect(await readFocus(page)).toBe('button "Previous"');
    const { y } = (await page.getByRole('region', { name: 'Users' }).boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await expectRange('1–20 of 45');
  });

  it('leads back to the first page with one press', async () => {
    await press(page, button(page, 'Next'));
    await expectRange('21–40 of 45');
    await press(page, button(page, 'Next'));
    await expectRange('41–45 of 45');
    await press(page, button(page, 'First'));
    await expectRange('1–20 of 45');
    expect(await readFocus(page)).toBe('button "First"');
    expect(page.url()).not.toContain('page_token');
  });

  it('turns one page for two presses while the first is on its way', async () => {
    // Nothing is remembered of the pages that were seen.
    await page.reload();
    await expectRange('1–20 of 45');
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/users?*page_token=*', async (route) => {
      await released;
      await route.continue();
    });
    await button(page, 'Next').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/page=2/);
    await page.keyboard.press('Enter');
    release();
    await expectRange('21–40 of 45');
    await page.unroute('**/users?*page_token=*');
    await page.keyboard.press('Enter');
    await expectRange('41–45 of 45');
    await page.getByRole('rowheader').nth(4).waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(5);
  });

  it('counts what a search found, from its first page', async () => {
    await page.getByRole('searchbox', { name: 'Search users' }).fill('person3');
    await expectRange('1–10 of 10');
    expect(await readFocus(page)).toMatch(/^input/);
  });

  it('keeps the focus at the list when its page is gone or cannot be read', async () => {
    await page.goto(`${page.url().split('?')[0]}?page=2&page_token=nonsense`);
    await press(page, button(page, 'Go to the first page'));
    await expectRange('1–20 of 45');
    expect(await readFocus(page)).toBe('section "Users"');

    await page.route('**/users?*', (route) => route.fulfill({ status: 403, json: {} }));
    await press(page, button(page, 'Next'));
    await page.getByRole('alert').waitFor();
    expect(await readFocus(page)).toBe('section "Users"');
    await page.unroute('**/users?*');
  });
});

describe('the focus, when what had it goes away,', () => {
  let directory: PortalDirectory;
  let visit: PortalVisit;
  let page: Page;

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    await directory.createGroup('Engineering', [await directory.createUser('ada@example.com')]);
    visit = await directory.open(system.browser, 'users');
    ({ page } = visit);
    return () => visit.context.close();
  });

  const at = (path: string) => goTo(page, `directories/${directory.directoryId}${path}`);

  it('is at the list again after Try again has worked', async () => {
    await page.route('**/users?*', (route) => route.fulfill({ status: 503, json: {} }));
    await at('/users');
    await button(page, 'Try again').focus();
    await page.unroute('**/users?*');
    // The page may have tried by itself by now.
    await page.keyboard.press('Enter');
    await row(page, 'ada@example.com').waitFor();
    expect(await readFocus(page)).toBe('section "Users"');
  });

  it('stays in a drawer whose Try again has worked', async () => {
    await page.route('**/users/*', (route) => route.fulfill({ status: 503, json: {} }));
    await press(page, row(page, 'ada@example.com'));
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/users/*');
    await press(page, drawer.getByRole('button', { name: 'Try again' }));
    await drawer.getByText('Account').waitFor();
    expect(await readFocus(page)).toBe('dialog "ada@example.com"');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await readFocus(page)).toBe('a "ada@example.com"');
  });

  it('is at the list when a drawer closes whose row has left it', async () => {
    const id = await directory.createUser('gone@example.com');
    await refresh(page);
    await press(page, row(page, 'gone@example.com'));
    await page.getByRole('dialog').getByText('Account').waitFor();
    await directory.scim('DELETE', `/Users/${id}`);
    await refresh(page);
    await page.locator('tbody').getByText('gone@example.com').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await readFocus(page)).toBe('section "Users"');
  });

  it('that the reader gave up is not given back', async () => {
    const id = await directory.createUser('left@example.com');
    await refresh(page);
    await row(page, 'left@example.com').focus();
    await page.mouse.click(5, 5);
    expect(await readFocus(page)).toBe('body');
    await directory.scim('DELETE', `/Users/${id}`);
    await refresh(page);
    await row(page, 'left@example.com').waitFor({ state: 'detached' });
    expect(await readFocus(page)).toBe('body');
  });

  it('is on the content of a page without a heading of its own that was reached by a link', async () => {
    await at('/groups');
    await press(page, page.getByRole('link', { name: 'Engineering' }));
    await page.getByRole('table', { name: 'Members of Engineering' }).waitFor();
    expect(await readFocus(page)).toMatch(/^main/);
    await press(page, page.getByRole('link', { name: 'All groups' }));
    await page.getByRole('table', { name: 'Groups' }).waitFor();
    expect(await readFocus(page)).toMatch(/^main/);
  });

  it('is back on the button of a menu after its dialog, and goes on from there with Tab', async () => {
    await at('');
    for (const leave of ['Rename…', 'Disable…', 'Delete…']) {
      await press(page, button(page, 'Actions'));
      await press(page, page.getByRole('menuitem', { name: leave }));
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await readFocus(page)).toBe('button "Actions"');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await readFocus(page)).toMatch(/^a "Configuration/);
  });

  it('stays in the card of the tokens when the last one is revoked, and when another is generated', async () => {
    await openTokens(page);
    await press(page, page.getByRole('button', { name: /^Actions for token/ }));
    await press(page, page.getByRole('menuitem', { name: 'Revoke this token…' }));
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button(page, 'Generate token').waitFor();
    expect(await readFocus(page)).toBe('section "Directory details"');
    await press(page, button(page, 'Generate token'));
    await page.getByTestId('bearer-token').waitFor();
    await button(page, 'Generate token').waitFor({ state: 'detached' });
    // What comes next is to copy it.
    await page.getByTestId('fresh-token').locator(':focus').waitFor();
    expect(await readFocus(page)).toMatch(/^button "Copy/);
  });

  it('is on the heading of the page that follows a deleted directory', async () => {
    await press(page, button(page, 'Actions'));
    await press(page, page.getByRole('menuitem', { name: 'Delete…' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Okta');
    await press(page, dialog.getByRole('button', { name: 'Delete directory' }));
    await page.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
    expect(await readFocus(page)).toBe('h1 "Directory Sync"');
  });
});

describe('text of twice the usual size', () => {
  let directory: PortalDirectory;

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    const ada = await directory.createUser('ada.marlow@northwind.example', {
      displayName: 'Ada Marlow',
      title: 'Site Reliability Engineer',
    });
    await directory.createGroup('Engineering', [ada]);
    await directory.createGroup('Everybody in Oslo', [ada]);
  });

  /** Every page of a directory, with a token that can still be copied, and what opens over them. */
  async function visitAll(page: Page, look: (where: string) => Promise<void>): Promise<void> {
    const base = `directories/${directory.directoryId}`;
    const size = await page.evaluate<number>('parseFloat(document.documentElement.style.fontSize || 16)');
    const go = async (path: string, there: Locator) => {
      await goTo(page, `${base}${path}`);
      await setTextSize(page, size);
      await there.waitFor();
      await look(path);
    };
    await go('', page.getByText('Step-by-step instructions'));
    await page.getByText('Step-by-step instructions').click();
    await page.getByRole('heading', { name: 'Assign a small test group first' }).waitFor();
    await look('guide');
    await openTokens(page);
    await page
      .getByRole('button', { name: /^Actions for token/ })
      .first()
      .click();
    await look('menu of a token');
    await page.getByRole('menuitem', { name: 'Add another token…' }).click();
    await page.getByRole('dialog').waitFor();
    await look('dialog');
    await page.getByRole('button', { name: 'Add token' }).click();
    await page.getByTestId('bearer-token').waitFor();
    await look('fresh token');
    await go('/users', row(page, 'Ada Marlow'));
    await row(page, 'Ada Marlow').click();
    await page.getByRole('dialog').getByText('Account').waitFor();
    await look('drawer');
    await go('/groups', page.getByRole('link', { name: 'Engineering' }));
    await page.getByRole('link', { name: 'Engineering' }).click();
    await page.getByRole('region', { name: 'About this group' }).waitFor();
    await look('a group');
    await goTo(page, 'directories/new');
    await setTextSize(page, size);
    await page.getByRole('heading', { name: 'Ping Identity' }).waitFor();
    await look('providers');
  }

  it.each([
    { width: 1280, px: 32 },
    { width: 360, px: 16 },
    { width: 768, px: 16 },
  ])(
    'can be read at $width px with letters of $px px: no narrow column, no scrolling sideways',
    async ({ width, px }) => {
      const { page, context } = await directory.open(system.browser);
      await page.setViewportSize({ width, height: 900 });
      await setTextSize(page, px);
      await visitAll(page, async (where) => {
        expect([where, ...(await findOverflow(page))]).toEqual([where]);
        expect([where, ...(await findNarrowTexts(page))]).toEqual([where]);
      });
      await context.close();
    },
  );

  it('has icons that grow with it', async () => {
    const { page, context } = await directory.open(system.browser);
    const read = () =>
      page.evaluate<number[]>(
        `[...document.querySelectorAll('svg')].map((icon) => icon.getBoundingClientRect().width)`,
      );
    const usual = await read();
    await setTextSize(page, 32);
    expect(await read()).toEqual(usual.map((width) => expect.closeTo(width * 2, 0)));
    await context.close();
  });

  it('shows a name and its address in a line each on a window of 768 px', async () => {
    const { page, context } = await directory.open(system.browser, 'users');
    await page.setViewportSize({ width: 768, height: 1024 });
    const row = page.getByRole('row', { name: /Ada Marlow/ });
    expect((await row.boundingBox())!.height).toBeLessThan(80);
    const address = (await row.getByText('ada.marlow@northwind.example').boundingBox())!;
    expect(address.height).toBeLessThan(28);
    await context.close();
  });
});

describe('for who asked for no motion', () => {
  it('nothing moves: not while something is waited for, not while it opens', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const { page, context } = await directory.open(system.browser);
    const moving = () =>
      page.evaluate<string[]>(
        `document.getAnimations().map((animation) => animation.animationName ?? animation.transitionProperty)`,
      );
    await page.getByTestId('directory-status').getByText('Waiting', { exact: true }).waitFor();
    expect(await moving()).toEqual([]);
    await button(page, 'Actions').click();
    expect(await moving()).toEqual([]);
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await moving()).toEqual([]);
    await page.route('**/portal/api/directories/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Save name' }).click();
    const busy = page.getByRole('dialog').locator('button[aria-busy=true]');
    await busy.waitFor();
    expect(await moving()).toEqual([]);
    // It shows that something is under way, by a form that does not turn.
    expect((await busy.locator('svg g').last().boundingBox())!.width).toBeGreaterThan(5);
    await page.keyboard.press('Escape');
    await page.route('**/users?*', () => undefined);
    await page.getByRole('link', { name: /^Users/ }).click();
    await page.getByRole('table', { name: 'Users' }).waitFor();
    expect(await moving()).toEqual([]);
    await page.getByRole('link', { name: /^Configuration/ }).click();
    await page.getByRole('checkbox').first().click();
    expect(await moving()).toEqual([]);
    await context.close();
  });

  it('and everything moves for everybody else', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const { page, context } = await directory.open(system.browser);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.getByTestId('directory-status').getByText('Waiting', { exact: true }).waitFor();
    expect(await page.evaluate<number>('document.getAnimations().length')).toBeGreaterThan(0);
    await context.close();
  });
});

describe('the pages of a directory', () => {
  it('have no violation in any window, light or dark', async () => {
    const directory = await createPortalDirectory(system.rollcall, 'PING_IDENTITY');
    await directory.createGroup('Engineering', [await directory.createUser('ada@example.com')]);
    const { page, context } = await directory.open(system.browser);
    for (const [path, shown] of [
      ['', 'Connected'],
      ['/users', 'ada@example.com'],
      ['/groups', 'Engineering'],
    ] as const) {
      await goTo(page, `directories/${directory.directoryId}${path}`);
      await page.getByText(shown).first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const window of WINDOWS) {
          await page.setViewportSize(window);
          const where = [path, colorScheme, window.width];
          expect([...where, ...(await findViolations(page))]).toEqual(where);
        }
      }
    }
    await context.close();
  });
});
