import { HANG_LIMIT_MS } from '@rollcall/testing';
import type { Browser, BrowserContext } from 'playwright-core';

/** What a page does not show by then is not coming, however slow the machine: a test that fails holds up the others no longer. */
const SHOWN_WITHIN_MS = HANG_LIMIT_MS / 10;

/** A browser profile of its own, in which nothing moves. `locale`: the language of the browser. */
export async function openContext(browser: Browser, locale = 'en-US'): Promise<BrowserContext> {
  const context = await browser.newContext({ locale, reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(SHOWN_WITHIN_MS);
  return context;
}
