/** A role of your application. */
export interface Role {
  role_name: string;
  display_name: string;
  description: string;
  /** Whether users whom no group or attribute gives a role have this one. */
  default_member: boolean;
  create_time: string;
  update_time: string;
}

export interface RoleInput {
  /** What users and events carry; it does not change. */
  role_name: string;
  /** Default: the role_name. */
  display_name?: string | null;
  description?: string | null;
}

export interface RoleReference {
  role_name: string;
}

/** A role for the users of a group. */
export interface RoleAssignment {
  group_id: string;
  role_name: string;
}

/** A SCIM attribute under a name of your own in `custom_attributes`. */
export interface AttributeMapping {
  /** SCIM attribute path. */
  key: string;
  map_to: string;
  /** Paths that are read, in order, where `key` leads to nothing. */
  fallback_keys?: string[];
  /** The value where none of the paths leads to one. */
  default?: string | number | boolean | null;
}

/** The job that applies changed roles or mappings to the users. */
export interface RulesJob {
  state: 'pending' | 'running' | 'finished';
  total: number;
  done: number;
  create_time: string;
  finish_time: string | null;
}

/** What a change of roles or mappings would do. */
export interface RulesImpact {
  users_affected: number;
  /** `user_updated` events that the change would give. */
  events: number;
  users_examined: number;
  /** Whether these are all users. */
  complete: boolean;
  /** The first of those who would change, as they would be. */
  sample: {
    id: string;
    email: string | null;
    roles: RoleReference[];
    custom_attributes: Record<string, unknown>;
    previous_attributes: Record<string, unknown>;
  }[];
}
