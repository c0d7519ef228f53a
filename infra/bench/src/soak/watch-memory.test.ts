import { describe, expect, it } from 'vitest';
import { describeCourse } from './watch-memory';

describe('describeCourse', () => {
  it('compares the first minute with the last by their medians', () => {
    const values = [100, 400, 101, 100, 110, 110, 110, 110, 120, 121, 500, 120];
    expect(describeCourse(values, 4)).toMatchObject({ first: 101, last: 121, highest: 500 });
  });

  it('tells the growth in a minute', () => {
    const values = Array.from({ length: 60 }, (_, index) => 100 + index / 6);
    expect(describeCourse(values, 12).slope).toBeCloseTo(2);
    expect(describeCourse([100, 100, 100], 12).slope).toBe(0);
  });

  it('halves what is shorter than two minutes', () => {
    expect(describeCourse([1, 1, 1, 9, 9, 9], 12)).toMatchObject({ first: 1, last: 9 });
  });
});
