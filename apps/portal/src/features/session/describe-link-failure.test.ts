import { describe, expect, it } from 'vitest';
import { PortalError } from '../../shared/api/portal-error';
import { describeLinkFailure } from './describe-link-failure';

describe('describeLinkFailure', () => {
  it.each([
    [410, 'link_used'],
    [410, 'link_expired'],
    [404, 'link_unknown'],
    [0, 'link_incomplete'],
  ])('says what to do for %i %s', (status, code) => {
    const description = describeLinkFailure(new PortalError(status, code, ''));
    expect(description?.title).toMatch(/^This link /);
    expect(description?.advice).toMatch(/ask the person who sent it/i);
  });

  it('leaves every other failure to the general description', () => {
    expect(describeLinkFailure(new PortalError(0, 'network', ''))).toBeNull();
    expect(describeLinkFailure(new Error('x'))).toBeNull();
  });
});
