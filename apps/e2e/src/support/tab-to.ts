import type { Locator, Page } from 'playwright-core';

const LONGEST_WAY = 80;

/**
 * Moves the focus with the Tab key alone until it is on the target, as a reader without a mouse does.
 * Throws when a stop on the way does not show that it has the focus, or when the target is never reached.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = page.locator(':focus');
  await target.waitFor();
  for (let stops = 0; stops < LONGEST_WAY; stops++) {
    if ((await target.and(focused).count()) > 0) return;
    await page.keyboard.press('Tab');
    if ((await focused.count()) > 0 && (await outlineWidth(page)) === '0px') {
      throw new Error(`The focus cannot be seen on ${await focused.innerText()}.`);
    }
  }
  throw new Error(`${target.toString()} is not reached within ${LONGEST_WAY} presses of Tab.`);
}

function outlineWidth(page: Page): Promise<string> {
  // Chromium reports the width also where the style is none.
  return page.evaluate<string>(
    `(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle === 'none' ? '0px' : style.outlineWidth; })()`,
  );
}
