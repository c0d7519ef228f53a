import { describe, expect, it } from 'vitest';
import { findByLetter, rollFocus } from './rolling-focus';

describe('rollFocus', () => {
  it('wraps around at both ends', () => {
    expect(rollFocus('ArrowDown', 2, 3, 'vertical')).toBe(0);
    expect(rollFocus('ArrowUp', 0, 3, 'vertical')).toBe(2);
  });

  it('goes to the ends by Home and End', () => {
    expect(rollFocus('Home', 1, 3, 'horizontal')).toBe(0);
    expect(rollFocus('End', 1, 3, 'horizontal')).toBe(2);
  });

  it('leaves the other axis and other keys to the page', () => {
    expect(rollFocus('ArrowRight', 0, 3, 'vertical')).toBeNull();
    expect(rollFocus('Tab', 0, 3, 'vertical')).toBeNull();
    expect(rollFocus('ArrowDown', 0, 0, 'vertical')).toBeNull();
  });
});

describe('findByLetter', () => {
  const labels = ['Rename', 'Disable', 'Delete'];

  it('finds the next item of that letter and wraps around', () => {
    expect(findByLetter('d', 0, labels)).toBe(1);
    expect(findByLetter('d', 1, labels)).toBe(2);
    expect(findByLetter('D', 2, labels)).toBe(1);
    expect(findByLetter('x', 0, labels)).toBeNull();
  });
});
