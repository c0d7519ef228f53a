import { expect, it } from 'vitest';
import { StreamSlots } from './stream-slots';

it('gives each environment its share and the process its places, and says which limit was reached', () => {
  const slots = new StreamSlots({ what: 'exports', code: 'too_many_exports', max: 3, perEnvironment: 2 });
  const giveBack = slots.take('a');
  slots.take('a');
  expect(() => slots.take('a')).toThrow('This environment has 2 exports under way already.');
  slots.take('b');
  expect(() => slots.take('c')).toThrow('This process has 3 exports under way already.');
  giveBack();
  giveBack();
  slots.take('c');
  expect(() => slots.take('a')).toThrow('This process has 3 exports');
});
