import { describe, expect, it } from 'vitest';
import { figureOf, isSettled, median, spreadOf } from './figures';

describe('median', () => {
  it('is the middle one, and of an even number the upper of two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(3);
    expect(median([])).toBeUndefined();
  });
});

describe('spreadOf', () => {
  it('leaves the slowest and the fastest of five rounds out', () => {
    expect(spreadOf([100, 1, 95, 105, 900])).toBeCloseTo(0.1);
  });

  it('takes all of three rounds', () => {
    expect(spreadOf([100, 90, 120])).toBeCloseTo(0.3);
  });

  it('says nothing of fewer', () => {
    expect(spreadOf([100, 100])).toBeUndefined();
    expect(isSettled(spreadOf([100, 100]))).toBe(false);
  });

  it('is none of values that are all 0, and without bound where the median alone is 0', () => {
    expect(spreadOf([0, 0, 0])).toBe(0);
    expect(isSettled(spreadOf([0, 0, 10]))).toBe(false);
  });
});

describe('figureOf', () => {
  it('has the median, and the spread where there were rounds enough', () => {
    expect(figureOf([90, 100, 110])).toEqual({ value: 100, spread: 0.2 });
    expect(figureOf([100])).toEqual({ value: 100 });
    expect(figureOf([])).toBeUndefined();
  });
});
