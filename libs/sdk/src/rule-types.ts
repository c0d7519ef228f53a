import type { components } from './generated/api';

// The objects of the management API about roles and the rules of directories, as api-types.ts has the others.

type Schemas = components['schemas'];

/** A role of your application. */
export type Role = Schemas['RoleItem'];

export interface RoleInput {
  /** What users and events carry; it does not change. */
  role_name: string;
  /** Default: the role_name. */
  display_name?: string | null;
  description?: string | null;
}

export type RoleReference = Schemas['RoleReferenceItem'];

/** A role for the users of a group. */
export type RoleAssignment = Schemas['RoleAssignment'];

/** A SCIM attribute under a name of your own in `custom_attributes`. */
export type AttributeMapping = Schemas['AttributeMapping'];

/** The rules of a directory with the names of groups and roles. */
export type DirectoryMapping = Schemas['DirectoryMapping'];

/** The job that applies changed roles or mappings to the users. */
export type RulesJob = Schemas['RulesJobItem'];

/** What a change of roles or mappings would do. */
export type RulesImpact = Schemas['DryRunAnswer'];
