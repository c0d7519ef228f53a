import type { Page } from 'playwright-core';
import { findViolations } from './find-violations';

/** What is wrong with a page as it is: narrow in the dark theme, wide in the light one, and what reaches beyond the edge in both. */
export async function inspectPage(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const { width, colorScheme } of [
    { width: 360, colorScheme: 'dark' },
    { width: 1440, colorScheme: 'light' },
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    if (beyond > 0) faults.push(`${beyond} px beyond the edge at ${width} px`);
    faults.push(...(await findViolations(page)));
  }
  return faults;
}
