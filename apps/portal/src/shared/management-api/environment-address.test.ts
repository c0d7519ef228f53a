import { describe, expect, it } from 'vitest';
import { addressOfEnvironment, environmentOfAddress, organizationOfAddress } from './environment-address';

describe('an address of the dashboard', () => {
  it.each([
    ['/dashboard/env_1a/organizations/org_2b', 'env_1a', 'org_2b'],
    ['/dashboard/env_1a/organizations/org_2b/directories/dir_3c/users', 'env_1a', 'org_2b'],
    ['/dashboard/env_1a/organizations', 'env_1a', null],
    ['/dashboard/env_1a', 'env_1a', null],
    ['/dashboard/env_1a/', 'env_1a', null],
    ['/dashboard/sign-in', null, null],
    ['/dashboard', null, null],
    ['/dashboard/env_', null, null],
    ['/dashboard/env_1A', null, null],
    ['/portal/dashboard/env_1a/organizations/org_2b', null, null],
  ])('%s says which environment and organization it shows', (path, environment, organization) => {
    expect(environmentOfAddress(path)).toBe(environment);
    expect(organizationOfAddress(path)).toBe(organization);
  });

  it('of an environment is read as it was made', () => {
    expect(environmentOfAddress(addressOfEnvironment('env_1a'))).toBe('env_1a');
  });
});
