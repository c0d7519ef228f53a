import type { Locator } from 'playwright-core';
import { tabTo } from './tab-to';

/** How somebody works a page. */
export interface Hand {
  press(target: Locator): Promise<void>;
  enter(field: Locator, text: string): Promise<void>;
}

/** With a pointer. */
export const POINTER: Hand = {
  press: (target) => target.click(),
  enter: (field, text) => field.fill(text),
};

/** With the keyboard alone, seeing at each stop where the focus is. */
export const KEYBOARD: Hand = {
  press: async (target) => {
    await tabTo(target.page(), target);
    const isSwitch = (await target.getAttribute('role')) === 'switch';
    await target.page().keyboard.press(isSwitch ? 'Space' : 'Enter');
  },
  enter: async (field, text) => {
    await tabTo(field.page(), field);
    await field.page().keyboard.type(text);
  },
};
