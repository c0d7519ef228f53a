import { expect, it } from 'vitest';
import { PROVIDERS } from '@rollcall/contract';
import { withArticle } from './with-article';

it('speaks of every provider as people do', () => {
  const spoken = PROVIDERS.map(({ name }) => withArticle(name)).filter((text) => text.startsWith('an '));
  expect(spoken).toEqual(['an Okta']);
});
