import type { Directory } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { addAttempt, addShown, findUnseen } from './unseen-secrets';

const listOf = (...ids: string[]) =>
  ({ secrets: ids.map((id) => ({ id, last_used_time: null })) }) as Pick<Directory, 'secrets'>;
const idsOf = (secrets: { id: string }[]) => secrets.map(({ id }) => id);

describe('a token that nobody has seen', () => {
  it('is one that came with an attempt without an answer', () => {
    const attempt = addAttempt(undefined, listOf('old'));
    expect(idsOf(findUnseen(attempt, listOf('new', 'old').secrets))).toEqual(['new']);
    expect(findUnseen(attempt, listOf('old').secrets)).toEqual([]);
    expect(findUnseen(undefined, listOf('new', 'old').secrets)).toEqual([]);
  });

  it('is none that somebody uses', () => {
    const attempt = addAttempt(undefined, listOf('old'));
    const used = { id: 'new', last_used_time: '2026-11-21T10:00:00.000Z' };
    expect(findUnseen(attempt, [used, { id: 'other', last_used_time: null }])).toHaveLength(1);
  });

  it('stays one after a second attempt, and after one that was answered', () => {
    const first = addAttempt(undefined, listOf('old'));
    const second = addAttempt(first, listOf('lost', 'old'));
    expect(idsOf(findUnseen(second, listOf('lost 2', 'lost', 'old').secrets))).toEqual(['lost 2', 'lost']);
    const shown = addShown(second, 'shown');
    expect(idsOf(findUnseen(shown, listOf('shown', 'lost', 'old').secrets))).toEqual(['lost']);
    expect([second.isOvercome, shown.isOvercome]).toEqual([false, true]);
  });
});
