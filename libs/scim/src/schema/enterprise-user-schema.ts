import type { AttributeDefinition, SchemaDefinition } from './schema';

export const ENTERPRISE_USER_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The enterprise extension of the User schema (RFC 7643 §4.3, §8.7.1). */
export const enterpriseUserSchema: SchemaDefinition = {
  id: ENTERPRISE_USER_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  aliases: [
    'urn:scim:schemas:extension:enterprise:1.0',
    'urn:scim:schemas:extension:enterprise:2.0',
    'urn:scim:schemas:extension:enterprise:2.0:User',
  ],
  attributes: [
    text('employeeNumber', 'The number or code the organization gave the user.'),
    text('costCenter', 'The name of a cost center.'),
    text('organization', 'The name of an organization.'),
    text('division', 'The name of a division.'),
    text('department', 'The name of a department.'),
    {
      name: 'manager',
      type: 'complex',
      description: 'The user’s manager.',
      subAttributes: [
        // SCIM 1.1 calls it managerId.
        { ...text('value', 'The id of the manager’s user.'), caseExact: true, aliases: ['managerId'] },
        {
          name: '$ref',
          type: 'reference',
          caseExact: true,
          referenceTypes: ['User'],
          description: 'The URI of the manager’s user.',
        },
        { ...text('displayName', 'The manager’s display name.'), mutability: 'readOnly', keptInValue: true },
      ],
    },
  ],
};

function text(name: string, description: string): AttributeDefinition {
  return { name, type: 'string', description };
}
