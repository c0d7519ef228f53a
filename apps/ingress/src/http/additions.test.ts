import { expect, it } from 'vitest';
import { ADDITION_HEADER, additionOf, withAddition } from './additions';

const requestWith = (name: string) => ({ headers: { [ADDITION_HEADER]: name } });

it('a request has an addition while it is made here, and nobody else has it', async () => {
  const addition = { isRecordedElsewhere: true } as const;
  const name = await withAddition(addition, async (given) => {
    expect(additionOf(requestWith(given))).toBe(addition);
    expect(additionOf(requestWith(`${given} `))).toEqual({});
    expect(additionOf({ headers: {} })).toEqual({});
    return given;
  });
  expect(additionOf(requestWith(name))).toEqual({});
});
