import { describe, expect, it } from 'vitest';
import { badgeResourceType } from '../fixtures/badge-resource-type';
import type { JsonObject } from '../json';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { renderResourceTypes } from './render-resource-types';
import { renderSchemas } from './render-schemas';
import { renderServiceProviderConfig } from './render-service-provider-config';

const baseUrl = 'https://x/scim/abc/v2';
const types = [userResourceType, groupResourceType, badgeResourceType];

describe('renderServiceProviderConfig', () => {
  it('has every attribute that RFC 7643 §5 requires', () => {
    expect(renderServiceProviderConfig({ baseUrl })).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 16_777_216 },
      filter: { supported: true, maxResults: 500 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauthbearertoken', name: 'OAuth Bearer Token' }],
      meta: { location: `${baseUrl}/ServiceProviderConfig` },
    });
  });
});

describe('renderSchemas', () => {
  const schemas = renderSchemas(types, baseUrl);

  it('lists each schema once, with its location', () => {
    expect(schemas.map(({ id }) => id)).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      badgeResourceType.core.id,
      badgeResourceType.extensions[0]?.id,
    ]);
    const location = `${baseUrl}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`;
    expect(schemas[0]?.['meta']).toEqual({ resourceType: 'Schema', location });
  });

  it('tells every characteristic of every attribute, and nothing as null', () => {
    const attributes = schemas.flatMap((schema) => collect(schema['attributes'] as JsonObject[]));
    expect(attributes.length).toBeGreaterThan(80);
    for (const attribute of attributes) {
      for (const name of ['name', 'type', 'description', 'mutability', 'returned', 'uniqueness']) {
        expect(attribute[name]).toEqual(expect.any(String));
      }
      for (const name of ['multiValued', 'required', 'caseExact']) expect(attribute[name]).toEqual(expect.any(Boolean));
    }
    expect(JSON.stringify(schemas)).not.toContain('null');
  });

  it('tells the truth about userName, password and groups', () => {
    const attributes = collect(schemas.slice(0, 1).flatMap((schema) => schema['attributes'] as JsonObject[]));
    const find = (name: string) => attributes.find((attribute) => attribute['name'] === name);
    expect(find('userName')).toMatchObject({ required: true, caseExact: false, uniqueness: 'server' });
    expect(find('password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(find('groups')).toMatchObject({ mutability: 'readOnly', multiValued: true });
  });
});

describe('renderResourceTypes', () => {
  it('names schemas that renderSchemas lists', () => {
    const ids = renderSchemas(types, baseUrl).map(({ id }) => id);
    const rendered = renderResourceTypes(types, baseUrl);
    expect(rendered[0]).toMatchObject({
      id: 'User',
      endpoint: '/Users',
      meta: { location: `${baseUrl}/ResourceTypes/User` },
    });
    for (const type of rendered) {
      expect(ids).toContain(type['schema']);
      for (const { schema } of type['schemaExtensions'] as { schema: string }[]) expect(ids).toContain(schema);
    }
    expect(rendered[2]?.['schemaExtensions']).toEqual([
      { schema: badgeResourceType.extensions[0]?.id, required: true },
    ]);
  });
});

function collect(attributes: JsonObject[]): JsonObject[] {
  return attributes.flatMap((attribute) => [attribute, ...collect((attribute['subAttributes'] as JsonObject[]) ?? [])]);
}
