/** A person in the identity provider's own directory. Every optional field that is set is mapped to the application. */
export interface Person {
  /** The provider's own id of the person; Okta sends it as externalId. */
  id: string;
  userName: string;
  givenName: string;
  familyName: string;
  email: string;
  displayName?: string;
  nickName?: string;
  title?: string;
  userType?: string;
  locale?: string;
  timezone?: string;
  preferredLanguage?: string;
  employeeNumber?: string;
  department?: string;
  division?: string;
  costCenter?: string;
  organization?: string;
  workPhone?: string;
  mobilePhone?: string;
  address?: { streetAddress?: string; locality?: string; region?: string; postalCode?: string; country?: string };
  /** Id of another person of the scenario. */
  managerId?: string;
  roles?: Roles;
  /** Attributes of the application's own extension schema. */
  custom?: Record<string, string | number | boolean | string[]>;
}

/**
 * The three forms in which providers send roles: plain strings (the default attribute), objects with type and value, and
 * such objects in a container named by the core User URN (an attribute mapped with the external namespace filled in).
 */
export interface Roles {
  form: 'plain' | 'typed' | 'core-container';
  values: string[];
}

/** A group of the provider's directory. Only members who are assigned to the application are pushed. */
export interface Group {
  id: string;
  name: string;
  /** Ids of people. */
  members: string[];
}

/** One thing an administrator, or an automation, does at the identity provider. People and groups are named by id. */
export type Action =
  | { kind: 'test-connection' }
  | { kind: 'import' }
  | { kind: 'assign'; person: string }
  | { kind: 'change-profile'; person: string; set: Partial<Omit<Person, 'id'>> }
  | { kind: 'set-password'; person: string; password: string }
  | { kind: 'deactivate'; person: string }
  | { kind: 'reactivate'; person: string }
  | { kind: 'unassign'; person: string }
  | { kind: 'delete-person'; person: string }
  | { kind: 'push-group'; group: string }
  | { kind: 'change-members'; group: string; add: string[]; remove: string[] }
  | { kind: 'refill-group'; group: string }
  | { kind: 'rename-group'; group: string; name: string }
  | { kind: 'remove-group'; group: string };

/** What the provider's directory holds at the start, and what then happens, in order. */
export interface Scenario {
  people: Person[];
  groups: Group[];
  actions: Action[];
}
