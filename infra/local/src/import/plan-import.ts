import { isDeepStrictEqual } from 'node:util';
import type { ProviderId } from '@rollcall/contract';
import { BOUNDS, importedId, readAlias } from '@rollcall/directory';
import type { ImportedService, RulesChange } from '@rollcall/directory';
import type { ImportedState } from '@rollcall/management';
import { idOf } from '@rollcall/platform';
import { isMapping, whyNotDirectory, whyNotOrganization, whyNotRole } from './hold-to-bounds';
import type { KnownToken } from './read-tokens';
import type { Problem, SourceDirectory, SourceOrganization, SourceRole } from './source';

type ImportedOrganization = ImportedState['organizations'][number];
type ImportedDirectory = ImportedState['directories'][number];

/** A directory that an identity provider sends to. */
export type ScimDirectory = SourceDirectory & { readonly provider: ProviderId };

/** One thing to do, with all that it takes. Ids are bare, and those of what is not there yet too: they follow from those at the source. */
export type ImportStep =
  | { kind: 'role'; what: string; role: SourceRole }
  | { kind: 'default_role'; what: string; roleName: string }
  | { kind: 'organization'; what: string; id: string; service: ImportedService; organization: SourceOrganization }
  | {
      kind: 'adoption';
      what: string;
      id: string;
      externalIds: Record<string, string>;
      needsDirSync: boolean;
    }
  | {
      kind: 'directory';
      what: string;
      id: string;
      service: ImportedService;
      organizationId: string;
      directory: ScimDirectory;
    }
  | { kind: 'access'; what: string; id: string; organizationId: string; alias: string; token: string }
  | { kind: 'rules'; what: string; id: string; organizationId: string; rules: RulesChange };

/** A directory of the source, and how its identity provider is to reach it here. */
export interface PlannedDirectory {
  readonly organization: SourceOrganization;
  readonly organizationId: string;
  readonly directory: SourceDirectory;
  /** Its bare id here; null: it is not imported. */
  readonly id: string | null;
  /** The address that goes on to work with its token; null: the identity provider needs a new one of both. */
  readonly keptAddress: URL | null;
  /** What is set there and is not imported, in words. */
  readonly left: readonly string[];
}

export interface ImportPlan {
  /** In the order in which they can be done. */
  readonly steps: readonly ImportStep[];
  /** By the bare id of a directory: to be done when its groups are there, and before its users are. */
  readonly roles: ReadonlyMap<string, ImportStep>;
  readonly directories: readonly PlannedDirectory[];
  readonly problems: readonly Problem[];
}

export interface ImportInput {
  readonly service: ImportedService;
  readonly environmentId: string;
  readonly roles: readonly SourceRole[];
  readonly organizations: readonly SourceOrganization[];
  readonly tokens: readonly KnownToken[];
  readonly state: ImportedState;
  /** The hash that is stored of a token. */
  readonly hashOf: (token: string) => string;
}

/**
 * What is to be done so that an environment has what the source has. It only adds: what is there stays as it is, and what was deleted
 * here is not made again. Nothing when all of it was done before.
 */
export function planImport(input: ImportInput): ImportPlan {
  const planner = new Planner(input);
  planner.planRoles();
  for (const organization of input.organizations) planner.planOrganization(organization);
  planner.refuseUnusedTokens();
  return planner;
}

class Planner implements ImportPlan {
  readonly steps: ImportStep[] = [];
  readonly roles = new Map<string, ImportStep>();
  readonly directories: PlannedDirectory[] = [];
  readonly problems: Problem[] = [];
  private readonly organizationsByTheirs;
  private readonly organizationsByExternalId;
  private readonly directoriesByTheirs;
  private readonly tokensOf = new Map<string, KnownToken[]>();
  /** Of the roles that there are, or will be, as they are spelled, by lower case. */
  private readonly roleNames: Map<string, string>;
  /** Which organization of the source each external id is given to. */
  private readonly externalIdsGiven = new Map<string, string>();

  constructor(private readonly input: ImportInput) {
    const { service, state, tokens } = input;
    this.roleNames = new Map(state.roles.map(({ roleName }) => [roleName.toLowerCase(), roleName]));
    this.organizationsByTheirs = new Map(state.organizations.map((one) => [one.externalIds[service], one]));
    this.organizationsByExternalId = new Map(
      state.organizations.filter(({ deletedTime }) => deletedTime === null).map((one) => [one.externalId, one]),
    );
    this.directoriesByTheirs = new Map(state.directories.map((one) => [one.externalIds[service], one]));
    for (const token of tokens) {
      this.tokensOf.set(token.directoryId, [...(this.tokensOf.get(token.directoryId) ?? []), token]);
    }
  }

  planRoles(): void {
    const { roles, state } = this.input;
    const known = this.roleNames;
    for (const role of roles) {
      if (known.has(role.name.toLowerCase())) continue;
      const why = whyNotRole(role);
      if (why !== null) {
        this.refuse(`role ${role.name}`, why);
        continue;
      }
      this.steps.push({ kind: 'role', what: `role ${role.name}`, role });
      known.set(role.name.toLowerCase(), role.name);
    }
    const wanted = roles.find(({ isDefault }) => isDefault)?.name;
    if (wanted === undefined || !known.has(wanted.toLowerCase()) || state.defaultRole !== null) return;
    this.steps.push({ kind: 'default_role', what: `default role ${wanted}`, roleName: this.spelled(wanted) });
  }

  /** A role that is there already keeps its spelling. */
  private spelled(name: string): string {
    return this.roleNames.get(name.toLowerCase()) ?? name;
  }

  planOrganization(organization: SourceOrganization): void {
    const { service } = this.input;
    const what = `organization ${organization.id}`;
    const known = this.organizationsByTheirs.get(organization.id);
    if (known?.deletedTime) return this.skip(organization);
    const namesake =
      known || organization.externalId === null
        ? undefined
        : this.organizationsByExternalId.get(organization.externalId);
    const why = known ? null : this.whyNotNew(organization, namesake);
    if (why !== null) {
      this.refuse(what, why);
      return this.skip(organization);
    }
    if (!known && organization.externalId !== null) this.externalIdsGiven.set(organization.externalId, organization.id);
    const present = known ?? namesake;
    const id = present?.id ?? this.newId(organization.createTime, organization.id);
    const missing = organization.directories.filter(
      (one) => one.provider !== null && !this.directoriesByTheirs.has(one.id),
    );
    if (!present) {
      const dirSync = organization.dirSync || missing.length > 0;
      this.steps.push({ kind: 'organization', what, id, service, organization: { ...organization, dirSync } });
    } else {
      const externalIds = { ...present.externalIds, [service]: organization.id };
      const needsDirSync = missing.length > 0 && !present.dirSyncEnabled;
      if (needsDirSync || !isDeepStrictEqual(externalIds, present.externalIds)) {
        this.steps.push({ kind: 'adoption', what, id, externalIds, needsDirSync });
      }
    }
    for (const directory of organization.directories) this.planDirectory(organization, id, directory);
  }

  /** Why an organization that did not come from the source before cannot come from it; null when it can. */
  private whyNotNew(organization: SourceOrganization, namesake: ImportedOrganization | undefined): string | null {
    const { externalId } = organization;
    const first = externalId === null ? undefined : this.externalIdsGiven.get(externalId);
    if (first !== undefined)
      return `Its external id ${externalId} is that of ${first} at the source too: only one can have it.`;
    if (namesake?.externalIds[this.input.service] !== undefined) {
      return `Its external id ${externalId} is that of another organization here.`;
    }
    return namesake ? null : whyNotOrganization(organization);
  }

  private planDirectory(organization: SourceOrganization, organizationId: string, directory: SourceDirectory): void {
    const what = `directory ${directory.id}`;
    const { provider } = directory;
    const known = this.directoriesByTheirs.get(directory.id);
    if (known?.deletedTime) return this.forgetTokens(directory);
    // One that was moved at the source stays where it is here.
    const planned = { organization, organizationId: known?.organizationId ?? organizationId, directory };
    if (provider === null) {
      this.forgetTokens(directory);
      this.directories.push({ ...planned, id: null, keptAddress: null, left: [] });
      return;
    }
    const id = known?.id ?? this.newId(organization.createTime, directory.id);
    const why = known ? null : whyNotDirectory(directory);
    if (why !== null) {
      this.refuse(what, why);
      return this.forgetTokens(directory);
    }
    if (!known) {
      const { service } = this.input;
      this.steps.push({ kind: 'directory', what, id, service, organizationId, directory: { ...directory, provider } });
    }
    const keptAddress = this.planAccess(what, { ...planned, id });
    this.directories.push({ ...planned, id, keptAddress, left: this.planRules(what, { ...planned, id }, known) });
  }

  /**
   * The roles of its groups and its mapped attributes, where it has none here; roles only while its groups are those of the source. Returns
   * what of them cannot be imported.
   */
  private planRules(
    what: string,
    { id, organizationId, directory }: { id: string; organizationId: string; directory: SourceDirectory },
    known: ImportedDirectory | undefined,
  ): string[] {
    const place = { id, organizationId };
    const mappings = inBounds(directory.mappings, 'attributeMappings').filter(isMapping);
    const hasMappings = known !== undefined && known.attributeMappings.length > 0;
    if (mappings.length > 0 && !hasMappings) {
      const attributeMappings = mappings.map(({ key, mapTo }) => ({ key, map_to: mapTo }));
      this.steps.push({ kind: 'rules', what: `attributes of ${what}`, ...place, rules: { attributeMappings } });
    }
    const isReached = known !== undefined && known.firstRequestTime !== null;
    const hasRoles = known !== undefined && known.roleAssignments.length > 0;
    const given = inBounds(directory.assignments, 'roleAssignments').filter(({ roleName }) => this.hasRole(roleName));
    const assignments = isReached && !hasRoles ? [] : given;
    if (assignments.length > 0 && !hasRoles) {
      const named = assignments.map(({ groupId, roleName }) => ({
        group_id: importedId(id, groupId),
        role_name: this.spelled(roleName),
      }));
      const rules = { assignments: named };
      this.roles.set(id, { kind: 'rules', what: `roles of groups of ${what}`, ...place, rules });
    }
    return [
      describeLeft(directory.assignments.length - assignments.length, 'role of a group', 'roles of groups'),
      describeLeft(directory.mappings.length - mappings.length, 'attribute mapping', 'attribute mappings'),
    ].flat();
  }

  private hasRole(name: string): boolean {
    return this.roleNames.has(name.toLowerCase());
  }

  /** The address that the identity provider can go on with, of a token that is known. */
  private planAccess(
    what: string,
    { id, organizationId, directory }: { id: string; organizationId: string; directory: SourceDirectory },
  ): URL | null {
    const { state, hashOf } = this.input;
    let kept: URL | null = null;
    for (const { token, address: given } of this.tokensOf.get(directory.id) ?? []) {
      const address = given ?? directory.address;
      const url = address !== null && URL.canParse(address) ? new URL(address) : null;
      const alias = url && readAlias(url.pathname)?.alias;
      if (!url || !alias) {
        this.refuse(what, 'Where its identity provider sends to is not known: give its SCIM address behind the token.');
        continue;
      }
      kept = url;
      if (state.aliases.get(alias) === id && state.secretHashes.get(id)?.has(hashOf(token))) continue;
      this.steps.push({ kind: 'access', what: `address and token of ${what}`, id, organizationId, alias, token });
    }
    this.forgetTokens(directory);
    return kept;
  }

  refuseUnusedTokens(): void {
    for (const id of this.tokensOf.keys()) {
      this.refuse(`directory ${id}`, 'There is a token of it, but no such directory at the source.');
    }
  }

  private skip({ directories }: SourceOrganization): void {
    for (const directory of directories) this.forgetTokens(directory);
  }

  private forgetTokens({ id }: SourceDirectory): void {
    this.tokensOf.delete(id);
  }

  private refuse(what: string, message: string): void {
    this.problems.push({ what, message });
  }

  /** Sorts as it was made at the source, and is the same however often it is asked for. */
  private newId(createTime: Date, theirs: string): string {
    const { service, environmentId } = this.input;
    const time = createTime.getTime();
    return idOf(Number.isFinite(time) ? Math.max(time, 0) : 0, `${environmentId} ${service} ${theirs}`);
  }
}

function inBounds<Rule>(rules: readonly Rule[], bound: 'roleAssignments' | 'attributeMappings'): readonly Rule[] {
  return rules.slice(0, BOUNDS[bound]);
}

function describeLeft(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
