import type { AttributeDefinition } from './schema';

/** The attributes every resource has, whatever its schema (RFC 7643 §3 and §3.1); they belong to no published schema. */
export const commonAttributes: readonly AttributeDefinition[] = [
  {
    name: 'schemas',
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    mutability: 'readOnly',
    returned: 'always',
    description: 'The URNs of the schemas present in the resource.',
  },
  {
    name: 'id',
    type: 'string',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    description: 'The identifier the service provider gave the resource.',
  },
  {
    name: 'externalId',
    type: 'string',
    caseExact: true,
    description: 'The identifier the provisioning client gave the resource.',
  },
  {
    name: 'meta',
    type: 'complex',
    mutability: 'readOnly',
    description: 'Metadata of the resource, kept by the service provider.',
    subAttributes: [
      {
        name: 'resourceType',
        type: 'string',
        caseExact: true,
        mutability: 'readOnly',
        description: 'The resource type.',
      },
      { name: 'created', type: 'dateTime', mutability: 'readOnly', description: 'When the resource was made.' },
      {
        name: 'lastModified',
        type: 'dateTime',
        mutability: 'readOnly',
        description: 'When the resource last changed.',
      },
      {
        name: 'location',
        type: 'reference',
        caseExact: true,
        mutability: 'readOnly',
        description: 'The URI of the resource.',
      },
      {
        name: 'version',
        type: 'string',
        caseExact: true,
        mutability: 'readOnly',
        description: 'The version of the resource, an entity tag.',
      },
    ],
  },
];
