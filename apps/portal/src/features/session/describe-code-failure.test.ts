import { describe, expect, it } from 'vitest';
import { PortalError } from '../../shared/api/portal-error';
import { describeCodeFailure } from './describe-code-failure';

describe('describeCodeFailure', () => {
  it('says how many tries are left', () => {
    const wrong = (tries: number) => new PortalError(403, 'code_wrong', '', { tries_left: tries });
    expect(describeCodeFailure(wrong(3))?.advice).toMatch(/3 more tries/);
    expect(describeCodeFailure(wrong(1))?.advice).toMatch(/One more try,/);
  });

  it.each(['code_expired', 'code_too_soon', 'too_many_codes', 'too_many_mails'])('says what to do for %s', (code) => {
    expect(describeCodeFailure(new PortalError(403, code, ''))?.advice).toMatch(/\.$/);
  });

  it('leaves every other failure to the general description', () => {
    expect(describeCodeFailure(new PortalError(0, 'network', ''))).toBeNull();
    expect(describeCodeFailure(new Error('x'))).toBeNull();
  });
});
