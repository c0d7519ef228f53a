import { describe, expect, it } from 'vitest';
import { ScimError, toErrorBody } from './scim-error';

describe('toErrorBody', () => {
  it('renders the status as text and a scimType only where there is one', () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    expect(toErrorBody(new ScimError(400, 'invalidPath', 'd'))).toEqual({
      schemas,
      status: '400',
      scimType: 'invalidPath',
      detail: 'd',
    });
    expect(toErrorBody(new ScimError(404, undefined, 'd'))).toEqual({ schemas, status: '404', detail: 'd' });
  });
});
