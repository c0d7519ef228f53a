import { defineResourceType } from './define-resource-type';
import { enterpriseUserSchema } from './enterprise-user-schema';
import { groupSchema } from './group-schema';
import { userSchema } from './user-schema';

/** Users: the core schema with the enterprise extension. */
export const userResourceType = defineResourceType({
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: userSchema,
  extensions: [{ schema: enterpriseUserSchema, required: false }],
});

/** Groups; their members are rows of their own and never part of the stored resource. */
export const groupResourceType = defineResourceType({
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: groupSchema,
  memberAttribute: 'members',
});
