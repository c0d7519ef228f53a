import { expect, it } from 'vitest';
import { Places } from './places';

it('gives each key its share and no more than there are, and says which of the two is used up', () => {
  const places = new Places({ max: 3, perKey: 2 });
  const first = places.take('a');
  places.take('a');
  expect(places.take('a')).toBe('of the key');
  places.take('b');
  expect(places.take('c')).toBe('of all');
  if (typeof first !== 'function') throw new Error('there was a place');
  first();
  first();
  expect(places.take('c')).toBeTypeOf('function');
  expect(places.take('a')).toBe('of all');
});
