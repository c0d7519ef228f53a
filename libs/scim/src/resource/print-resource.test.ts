import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { printResource, RESOURCE_BYTES_MAX } from './print-resource';

describe('printResource', () => {
  it('prints what has at most 320 kB, in bytes, and refuses more with 413', () => {
    const frame = JSON.stringify({ userName: '' }).length;
    const largest = { userName: 'x'.repeat(RESOURCE_BYTES_MAX - frame) };
    expect(JSON.parse(printResource(largest))).toEqual(largest);
    expect(refusal(() => printResource({ userName: `${largest.userName}x` }))).toBe('413');
    expect(refusal(() => printResource({ userName: 'é'.repeat(RESOURCE_BYTES_MAX / 2) }))).toBe('413');
  });

  it('never keeps the largest user active, and gives no room beyond that', () => {
    const frame = JSON.stringify({ active: true, userName: '' }).length;
    const userName = 'x'.repeat(RESOURCE_BYTES_MAX - frame);
    expect(JSON.parse(printResource({ active: true, userName }))).toEqual({ active: true, userName });
    expect(JSON.parse(printResource({ active: false, userName }))).toEqual({ active: false, userName });
    expect(refusal(() => printResource({ active: false, userName: userName.padEnd(RESOURCE_BYTES_MAX + 2_000) }))).toBe(
      '413',
    );
  });
});
