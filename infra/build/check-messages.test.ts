import { describe, expect, it } from 'vitest';
import { checkMessages } from './check-messages.js';

const catalogue = (path: string, german: object = {}, sources: object = { a: { message: 'Ask {vendor}' } }) => ({
  path,
  sources,
  locales: { en: sources, de: german },
});

describe('checkMessages', () => {
  it('accepts catalogues that hold what the code does', () => {
    const german = { a: { message: 'Ask {vendor}', translation: 'Fragen Sie {vendor}' } };
    expect(checkMessages([catalogue('app.{locale}', german), catalogue('shared.{locale}', german)], 'en')).toEqual([]);
  });

  it.each([
    ['a message that is in no catalogue', {}, 'is not in it: run "npm run messages"'],
    ['a message without a translation', { a: { translation: '' } }, 'has no translation: write one'],
    [
      'a message that is gone',
      { a: { translation: '{vendor}' }, b: { message: 'Old', translation: 'Alt' } },
      '"Old" is in no code any more',
    ],
    ['a lost placeholder', { a: { translation: 'Fragen Sie uns' } }, 'lacks {vendor}'],
    ['a misspelt placeholder', { a: { translation: '{vendor} {vendr}' } }, 'has {vendr}, which is not in the message'],
  ])('refuses %s', (_what, german, problem) => {
    expect(checkMessages([catalogue('{locale}/app.po', german)], 'en').join('\n')).toContain(`de/app.po: `);
    expect(checkMessages([catalogue('{locale}/app.po', german)], 'en').join('\n')).toContain(problem);
  });

  it('compares the placeholders within the forms of a plural, and takes the words of a form for none', () => {
    const sources = { a: { message: '{n, plural, one {# of <0>{all}</0>} other {groups}}' } };
    const check = (translation: string) =>
      checkMessages([catalogue('{locale}', { a: { translation } }, sources)], 'en');
    expect(check('{n, plural, one {# von <0>{all}</0>} other {Gruppen}}')).toEqual([]);
    expect(check('{n, plural, one {# von {all}} other {Gruppen}}').join('\n')).toContain('lacks <0>');
  });

  it('asks in French for spaces at which no line is broken', () => {
    const sources = { a: { message: '{label} copied' } };
    const check = (translation: string) =>
      checkMessages([{ path: '{locale}/app.po', sources, locales: { fr: { a: { translation } } } }], 'en');
    expect(check('{label}\u00A0: copié')).toEqual([]);
    expect(check('{label} : copié').join('\n')).toContain('U+00A0');
  });

  it('refuses two translations of one message, of which the page would show either', () => {
    const [one, other] = ['Fragen Sie {vendor}', 'Bitten Sie {vendor}'].map((translation) => ({ a: { translation } }));
    const problems = checkMessages([catalogue('{locale}/a', one), catalogue('{locale}/b', other)], 'en');
    expect(problems.join('\n')).toContain('is translated otherwise than in de/a');
  });
});
