import type { SchemaDefinition } from './schema';

export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/**
 * The Group schema (RFC 7643 §4.2, §8.7.1). `displayName` is required and unique in a directory, because identity
 * providers link groups by it.
 */
export const groupSchema: SchemaDefinition = {
  id: GROUP_URN,
  name: 'Group',
  description: 'Group',
  aliases: ['urn:scim:schemas:core:1.0', 'urn:scim:schemas:core:2.0', 'urn:scim:schemas:core:2.0:Group'],
  attributes: [
    {
      name: 'displayName',
      type: 'string',
      required: true,
      uniqueness: 'server',
      description: 'The name of the group; unique in the directory without regard to case.',
    },
    {
      name: 'members',
      type: 'complex',
      multiValued: true,
      description: 'The members of the group.',
      subAttributes: [
        {
          name: 'value',
          type: 'string',
          required: true,
          caseExact: true,
          mutability: 'immutable',
          description: 'The id of the member.',
        },
        {
          name: '$ref',
          type: 'reference',
          caseExact: true,
          referenceTypes: ['User', 'Group'],
          mutability: 'immutable',
          description: 'The URI of the member.',
        },
        {
          name: 'type',
          type: 'string',
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
          description: 'The resource type of the member.',
        },
        { name: 'display', type: 'string', mutability: 'readOnly', description: 'The member’s display name.' },
      ],
    },
  ],
};
