import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './choose-language';

describe('chooseLanguage', () => {
  it.each([
    ['de', ['fr'], 'de'],
    [null, ['fr', 'de'], 'fr'],
    [null, ['de-CH-1996'], 'de'],
    [null, ['JA-jp'], 'ja'],
    [null, ['es-419', 'en'], 'es'],
    [null, ['pt-BR', 'fr-CA', 'de'], 'fr'],
    [null, ['en-GB', 'de'], 'en'],
  ])('chosen %s, browser %j: %s', (chosen, preferred, language) => {
    expect(chooseLanguage(chosen, preferred)).toBe(language);
  });

  it('falls back to English for a reader of none of the languages', () => {
    expect(chooseLanguage(null, [])).toBe('en');
    expect(chooseLanguage(null, ['pt-BR', 'x-de', '', '*'])).toBe('en');
  });

  it('does not take a kept choice that is no language of the portal', () => {
    expect(chooseLanguage('tlh', ['de'])).toBe('de');
    expect(chooseLanguage('toString', ['de'])).toBe('de');
  });
});
