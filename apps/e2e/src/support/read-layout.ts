import type { Page } from 'playwright-core';

/** Text that a person can see, of an element that is laid out. */
const IS_SEEN = `((element) => element.checkVisibility() && element.closest('.visually-hidden') === null)`;

/**
 * What reaches beyond the window sideways, as `element (left–right)`, and what has to be scrolled sideways to be read. Tabs
 * may be scrolled.
 */
export function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    const width = document.documentElement.clientWidth;
    const scrolls = (element) => {
      for (let outer = element.parentElement; outer; outer = outer.parentElement) {
        if (outer.tagName === 'DIALOG' || outer === document.body) return false;
        if (getComputedStyle(outer).overflowX !== 'visible') return true;
      }
      return false;
    };
    for (const element of document.querySelectorAll('body *')) {
      const { left, right, width: own } = element.getBoundingClientRect();
      if (own === 0 || !${IS_SEEN}(element) || element.closest('nav, [role=tablist]') !== null) continue;
      const name = element.tagName + '.' + element.className;
      if (/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1) {
        found.push(name + ' scrolls sideways');
      }
      if ((left > -1 && right < width + 1) || scrolls(element)) continue;
      found.push(name + ' (' + Math.round(left) + '–' + Math.round(right) + ')');
    }
    if (document.documentElement.scrollWidth > width) found.push('the page scrolls sideways');
    return found;
  })()`);
}

/** Texts of three lines and more of which none is twelve characters long: their column is too narrow to be read. */
export function findNarrowTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim().length < 24 || !${IS_SEEN}(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()];
      // Of characters half as wide as they are high.
      const enough = 12 * 0.45 * parseFloat(getComputedStyle(parent).fontSize);
      if (lines.length >= 3 && lines.every((line) => line.width < enough)) {
        found.push(node.data.trim().slice(0, 40) + ' (' + lines.length + ' lines)');
      }
    }
    return found;
  })()`);
}

/** Where the focus is: `tag "name or text"`, `body` when it is nowhere. */
export function readFocus(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return 'body';
    const id = focused.getAttribute('aria-labelledby');
    const name = (id && document.getElementById(id)?.textContent) ?? focused.getAttribute('aria-label');
    return focused.tagName.toLowerCase() + ' "' + (name ?? focused.textContent.trim().slice(0, 40)) + '"';
  })()`);
}

/** Sets the size of the text as a reader does in the browser's settings, where 16 px is the usual one. */
export function setTextSize(page: Page, px: number): Promise<void> {
  return page.evaluate(`document.documentElement.style.fontSize = '${px}px'`);
}
