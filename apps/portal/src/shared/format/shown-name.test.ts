import { describe, expect, it } from 'vitest';
import { shownName } from './shown-name';

describe('shownName', () => {
  it('takes the first name that can be seen', () => {
    expect(shownName('Staff', 'dirgroup_1')).toBe('Staff');
    expect(shownName(null, undefined, '', '  ', '\u200b\u2066', 'dirgroup_1')).toBe('dirgroup_1');
    expect(shownName(null, '\u202eStaff', 'dirgroup_1')).toBe('\u202eStaff');
  });
});
