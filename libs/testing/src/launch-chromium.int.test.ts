import type { Browser } from 'playwright-core';
import { afterEach, expect, it, vi } from 'vitest';
import { launchChromium } from './launch-chromium';

let browser: Browser | undefined;
afterEach(async () => {
  await browser?.close();
  vi.unstubAllEnvs();
});

it('launches a browser that renders a page', async () => {
  browser = await launchChromium();
  expect(await heading(browser)).toBe('Directory');
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'uses the packaged browser on a machine without one',
  async () => {
    vi.stubEnv('PATH', '/nowhere');
    browser = await launchChromium();
    expect(await heading(browser)).toBe('Directory');
  },
);

async function heading(from: Browser): Promise<string> {
  const page = await from.newPage();
  await page.setContent('<h1>Directory</h1>');
  return page.getByRole('heading').innerText();
}
