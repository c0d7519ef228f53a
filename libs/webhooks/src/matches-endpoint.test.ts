import { describe, expect, it } from 'vitest';
import { matchesEndpoint } from './matches-endpoint';

const created = { type: 'organization.directory.user_created', organizationId: 'a' };
const operational = { type: 'endpoint.disabled', organizationId: null };

describe('matchesEndpoint', () => {
  it('lets every directory event through empty filters', () => {
    expect(matchesEndpoint({ eventTypes: [], organizationIds: [] }, created)).toBe(true);
  });

  it('needs both filters to match', () => {
    const eventTypes = [created.type];
    expect(matchesEndpoint({ eventTypes, organizationIds: ['a', 'b'] }, created)).toBe(true);
    expect(matchesEndpoint({ eventTypes, organizationIds: ['b'] }, created)).toBe(false);
    expect(matchesEndpoint({ eventTypes: ['organization.directory.user_deleted'], organizationIds: [] }, created)).toBe(
      false,
    );
  });

  it('sends operational events only to endpoints that name them', () => {
    expect(matchesEndpoint({ eventTypes: [], organizationIds: [] }, operational)).toBe(false);
    expect(matchesEndpoint({ eventTypes: ['endpoint.disabled'], organizationIds: [] }, operational)).toBe(true);
  });

  it('keeps an event without an organization from an endpoint that is for some organizations', () => {
    expect(matchesEndpoint({ eventTypes: ['endpoint.disabled'], organizationIds: ['a'] }, operational)).toBe(false);
  });
});
