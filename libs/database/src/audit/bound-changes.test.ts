import { expect, it } from 'vitest';
import { boundChanges, boundName } from './bound-changes';

it('keeps what is small as it is', () => {
  const changes = { enabled: { from: true, to: false }, metadata: { from: null, to: { plan: 'pro' } } };
  expect(boundChanges(changes)).toEqual(changes);
});

it('cuts long values, and never through a character', () => {
  const { text, list } = boundChanges({
    text: { from: undefined, to: '😀'.repeat(2_000) },
    list: { from: Array.from({ length: 5_000 }, (_, index) => index), to: null },
  });
  expect(text).toEqual({ from: null, to: `${'😀'.repeat(999)}…` });
  expect(list?.from).toMatch(/^\[0,1,2,.*…$/);
  expect(list?.from).toHaveLength(2_000);
  expect(boundName(`${'x'.repeat(198)}😀😀`)).toBe(`${'x'.repeat(198)}…`);
});

it('says how many fields it has left out when there are very many', () => {
  const fields = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`field_${index}`, { from: null, to: 'x'.repeat(100) }]),
  );
  const bounded = boundChanges(fields);
  expect(JSON.stringify(bounded).length).toBeLessThan(20_000);
  expect(bounded['more_fields']?.to).toBe(1_000 - Object.keys(bounded).length + 1);
});
