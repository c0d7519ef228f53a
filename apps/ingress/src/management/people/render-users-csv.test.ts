import { describe, expect, it } from 'vitest';
import { EMPTY_USER } from '@rollcall/contract';
import { renderUserCsv, USERS_CSV_HEADER } from './render-users-csv';

const user = { ...EMPTY_USER, create_time: '2026-11-29T22:00:00.000Z', update_time: '2026-11-29T22:00:00.000Z' };

describe('a line of an export', () => {
  it('has as many cells as its header, whatever is in them', () => {
    const line = renderUserCsv({ ...user, name: 'Ann "A", the first\nof two', title: null });
    expect(line.match(/(?:^|,)"(?:[^"]|"")*"/g)).toHaveLength(USERS_CSV_HEADER.split(',').length);
    expect(line).toContain('"Ann ""A"", the first\nof two"');
    expect(line.endsWith('"\r\n')).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '\uFEFF=1', '＝1', '|x', '%0A'])(
    'takes from %j what makes it a formula',
    (name) => {
      expect(renderUserCsv({ ...user, name })).toContain(`"'${name}"`);
    },
  );

  it('leaves other texts as they are', () => {
    const line = renderUserCsv({ ...user, name: 'a=b', email: 'ann@acme.example', active: false });
    expect(line).toContain(',"ann@acme.example","a=b",');
    expect(line).toContain(',"Inactive",');
  });
});
