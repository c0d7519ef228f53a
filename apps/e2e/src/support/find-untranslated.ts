import { readdirSync, readFileSync } from 'node:fs';
import { generateMessageId } from '@lingui/message-utils/generateMessageId';
import type { Page } from 'playwright-core';

const CATALOGUES = new URL('../../../portal/src/locales/en/', import.meta.url);

/** Words that each longer English sentence has one of, and no German, French or Spanish one. */
const ENGLISH = /(?:^|[^\p{L}-])(?:the|and|your|this|that|have|when|which|cannot|they|from)(?![\p{L}-])/iu;

/** What a message is called in the built files: what is shown of one whose catalogue was not loaded. */
const IDS = new Set(
  readdirSync(CATALOGUES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.po'))
    .flatMap((file) => readIds(readFileSync(new URL(file, CATALOGUES), 'utf8'))),
);

/**
 * What a page says, or would say to a screen reader, that is not in its language: English sentences, and messages that have no words. What
 * is marked as English (`lang`), as the title of an English page (`hreflang`), as the same in every language (`translate`) or as code is
 * left out.
 */
export async function findUntranslated(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const texts = [document.title];
    const isForeign = (element) => element.closest('[lang=en], [hreflang=en], [translate=no], code, pre, script, style, noscript') !== null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!isForeign(node.parentElement)) texts.push(node.data);
    }
    for (const name of ['aria-label', 'aria-description', 'alt', 'placeholder', 'title']) {
      for (const element of document.querySelectorAll('body [' + name + ']')) {
        if (!isForeign(element)) texts.push(element.getAttribute(name));
      }
    }
    return texts;
  })()`);
  return texts.filter((text) => ENGLISH.test(text) || text.split(/\s+/).some((word) => IDS.has(word)));
}

function readIds(catalogue: string): string[] {
  return [...catalogue.matchAll(/(?:^msgctxt (".*")\n)?^msgid (".+")$/gm)].map(([, context, message = '']) =>
    generateMessageId(unquote(message), context && unquote(context)),
  );
}

/** gettext escapes as JSON does. */
function unquote(text: string): string {
  return JSON.parse(text) as string;
}
