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

it('gives one organization its share of its environment, and takes nothing of it for what is refused', () => {
  const limits = { max: 8, perEnvironment: 2, perOrganization: 1 };
  const slots = new StreamSlots({ what: 'exports', code: 'too_many_exports', ...limits });
  const giveBack = slots.take('a', 'first');
  expect(() => slots.take('a', 'first')).toThrow('This organization has 1 exports under way already.');
  slots.take('a', 'second');
  expect(() => slots.take('a', 'third')).toThrow('This environment has 2 exports under way already.');
  giveBack();
  giveBack();
  slots.take('a', 'third');
});

it('names the places of the process where those are taken, and those of an organization that has all of its environment', () => {
  const limits = { what: 'exports', code: 'too_many_exports', max: 2, perEnvironment: 2 } as const;
  const shared = new StreamSlots({ ...limits, perOrganization: 1 });
  shared.take('a', 'first');
  shared.take('b', 'second');
  expect(() => shared.take('c', 'third')).toThrow('This process has 2 exports under way already.');
  const whole = new StreamSlots(limits);
  whole.take('a', 'first');
  whole.take('a', 'first');
  expect(() => whole.take('a', 'first')).toThrow('This organization has 2 exports under way already.');
});
