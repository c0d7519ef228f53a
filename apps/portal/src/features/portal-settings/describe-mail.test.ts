import { describe, expect, it } from 'vitest';
import { describeMail } from './describe-mail';

const mail = (part: object) =>
  describeMail({
    id: 'mail_1',
    organization_id: null,
    kind: 'test',
    state: 'pending',
    attempts: 0,
    failure: null,
    create_time: '2026-11-29T12:00:00Z',
    finish_time: null,
    ...part,
  });

describe('describeMail', () => {
  it.each([
    [{}, 'On its way'],
    [{ state: 'sent', attempts: 1 }, 'Sent'],
    [{ attempts: 1, failure: 'ECONNREFUSED' }, 'Tried once (ECONNREFUSED), tried again'],
    [{ attempts: 3, failure: 'SMTP 451' }, 'Tried 3 times (SMTP 451), tried again'],
    [{ state: 'failed', attempts: 1, failure: 'SMTP 550' }, 'Not sent (SMTP 550)'],
  ])('says of %j: %s', (part, state) => {
    expect(mail(part).state).toBe(state);
  });

  it('has words for a kind that a later server adds', () => {
    expect(mail({ kind: 'newer' }).what).toBe('Mail');
  });
});
