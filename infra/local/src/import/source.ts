import type { ProviderId } from '@rollcall/contract';
import type { ImportedService } from '@rollcall/directory';

export interface SourceRole {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly isDefault: boolean;
}

export interface SourceAssignment {
  readonly groupId: string;
  readonly roleName: string;
}

/** A SCIM attribute under a name of the application's own. */
export interface SourceMapping {
  readonly key: string;
  readonly mapTo: string;
}

export interface SourceDirectory {
  readonly id: string;
  readonly name: string;
  /** Null: no identity provider sends to it over SCIM 2.0. */
  readonly provider: ProviderId | null;
  /** What the service calls the provider. */
  readonly kind: string;
  readonly enabled: boolean;
  /** Where its identity provider sends to; null: the service does not say. */
  readonly address: string | null;
  /** Which of its groups gives which role, in order of precedence. */
  readonly assignments: readonly SourceAssignment[];
  readonly mappings: readonly SourceMapping[];
  /** Whether the service says that nobody is in it. */
  readonly isEmpty: boolean;
}

export interface SourceOrganization {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly metadata: Record<string, unknown>;
  /** Whether Directory Sync is on. */
  readonly dirSync: boolean;
  readonly createTime: Date;
  readonly directories: readonly SourceDirectory[];
}

/** A user of a directory. */
export interface ForeignUser {
  readonly id: string;
  /** As its identity provider would send it over SCIM. */
  readonly body: Record<string, unknown>;
  readonly groupIds: readonly string[];
}

/** A group of a directory; who is in it is told with the users. */
export interface ForeignGroup {
  readonly id: string;
  readonly body: Record<string, unknown>;
}

/** Something that could not be read or imported. The others were. */
export interface Problem {
  readonly what: string;
  readonly message: string;
}

/** An environment at another service. */
export interface Source {
  readonly service: ImportedService;
  /** What is set there and cannot be read, as a sentence that says what to do; null: nothing. */
  readonly untold: string | null;
  readRoles(): Promise<SourceRole[]>;
  /** The organizations in the order in which they were made there; of one that cannot be read, why. */
  readOrganizations(): AsyncIterable<SourceOrganization | Problem>;
  /** The people of a directory: its groups, then its users. */
  readPeople(place: { organizationId: string; directoryId: string }): AsyncIterable<ForeignGroup | ForeignUser>;
}
