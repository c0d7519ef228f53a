import { asOwner, checkDatabase, doAlone, openHasher } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { IMPORTED_SERVICES } from '@rollcall/directory';
import { StartError } from '@rollcall/embedded-postgres';
import {
  asOperator,
  changeDirectoryRules,
  createDirectory,
  createOrganization,
  createRole,
  keepAccess,
  listImported,
  setDefaultRole,
  updateOrganization,
} from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { publishImported } from '@rollcall/pipeline-store';
import { AppError } from '@rollcall/platform';
import type { SecretHasher, SecretKeys } from '@rollcall/platform';
import { chooseEnvironment } from '../administer/choose-environment';
import { describeDirectory, describeStep } from './describe-import';
import { importPeople } from './import-people';
import type { People } from './import-people';
import { planImport } from './plan-import';
import type { ImportPlan, ImportStep, PlannedDirectory } from './plan-import';
import { readScalekit } from './read-scalekit';
import { readTokens } from './read-tokens';
import type { KnownToken } from './read-tokens';
import { readWorkos } from './read-workos';
import { tellImport } from './tell-import';
import type { Problem, Source, SourceOrganization } from './source';

export interface ImportValues {
  readonly argument?: string;
  readonly from?: string;
  readonly tokens?: string;
  readonly environment?: string;
  readonly 'dry-run'?: boolean;
  readonly json?: boolean;
}

export interface ImportRequest {
  readonly ownerUrl: string;
  readonly keys: SecretKeys;
  readonly publicUrl: string;
  readonly env: NodeJS.ProcessEnv;
  readonly values: ImportValues;
  readonly say: (text: string) => void;
  /** Tells what is no result. */
  readonly note: (text: string) => void;
}

/**
 * Brings an environment at another service over: reads it, says what is to be done, does it unless it is a dry run, brings the people, and says what is left
 * to people. It only adds, each thing in a transaction of its own: ended half way, it goes on when it is run again. What cannot be
 * imported is told at the end, and the others are.
 * @throws StartError for an option that cannot be used, a source that cannot be read, while another import into the environment is under way, and
 *   when something could not be imported
 */
export async function importEnvironment(request: ImportRequest): Promise<void> {
  const { ownerUrl, keys, values, note } = request;
  const source = openSource(request);
  const tokens = await readTokens(values.tokens);
  const isDryRun = values['dry-run'] ?? false;
  await asOwner(ownerUrl, async (dataSource) => {
    await checkDatabase(dataSource, keys);
    const hasher = await openHasher(dataSource, keys);
    const environmentId = await chooseEnvironment(dataSource, values.environment);
    const tools = { dataSource, hasher, environmentId, note, isDryRun };
    const bring = () => bringEnvironment(request, source, tools, tokens);
    if (isDryRun) return bring();
    return doAlone(ownerUrl, `import ${environmentId}`, bring, () => new StartError(UNDER_WAY));
  });
}

const UNDER_WAY =
  'Another import into this environment is under way. Wait for its end, and run this one again if something is left.';

async function bringEnvironment(
  request: ImportRequest,
  source: Source,
  tools: Tools & { isDryRun: boolean },
  tokens: readonly KnownToken[],
): Promise<void> {
  const { dataSource, hasher, environmentId, note, isDryRun } = tools;
  const found = await readSource(source, note);
  const plan = planImport({
    ...found,
    service: source.service,
    environmentId,
    tokens,
    state: await listImported(dataSource, environmentId),
    hashOf: (token) => hasher.hashGenerated(token),
  });
  const { problems: failed, missing } = isDryRun ? NOTHING_FAILED : await carryOut(plan.steps, tools);
  const isThere = ({ id, organizationId }: PlannedDirectory) => !missing.has(id ?? '') && !missing.has(organizationId);
  const directories = plan.directories.filter(isThere);
  const people = await importAllPeople(source, tools, { directories, roles: plan.roles });
  tellImport(request, {
    environmentId,
    plan: [...plan.steps, ...plan.roles.values()].map(describeStep),
    note: source.untold,
    directories: plan.directories.map((planned) => describeDirectory(planned, request.publicUrl)),
    people: people
      .filter(({ directory }) => !directory.isEmpty)
      .map(({ users, groups, directory }) => ({ source_id: directory.id, users, groups })),
    problems: [...found.problems, ...plan.problems, ...failed, ...people.flatMap(({ problems }) => problems)],
  });
}

/** Credentials come from the environment: an argument is seen by everybody on the machine. */
function openSource({ values, env, note }: ImportRequest): Source {
  const service = IMPORTED_SERVICES.find((known) => known === values.argument);
  if (!service) throw new StartError(`Say where from: import ${IMPORTED_SERVICES.join('|')}.`);
  const required = (name: string): string => {
    const value = env[name]?.trim();
    if (!value) throw new StartError(`Set ${name}, with which the environment at the source is read.`);
    return value;
  };
  if (service === 'workos') {
    return readWorkos(readAddress(values.from ?? 'https://api.workos.com'), required('WORKOS_API_KEY'), note);
  }
  const client = { clientId: required('SCALEKIT_CLIENT_ID'), clientSecret: required('SCALEKIT_CLIENT_SECRET') };
  return readScalekit(readAddress(values.from ?? required('SCALEKIT_ENVIRONMENT_URL')), client, note);
}

function readAddress(from: string): string {
  if (URL.canParse(from) && /^https?:$/.test(new URL(from).protocol)) return from.replace(/\/+$/, '');
  throw new StartError('--from must be the address of the source, such as https://acme.scalekit.com.');
}

/** How often progress is told. */
const TOLD_EVERY = 100;

async function readSource(source: Source, note: ImportRequest['note']) {
  const roles = await source.readRoles();
  const organizations: SourceOrganization[] = [];
  const problems: Problem[] = [];
  for await (const found of source.readOrganizations()) {
    if ('message' in found) {
      problems.push(found);
      continue;
    }
    organizations.push(found);
    if (organizations.length % TOLD_EVERY === 0) note(`${organizations.length} organizations read.`);
  }
  return { roles, organizations, problems };
}

interface Failed {
  readonly problems: readonly Problem[];
  /** Ids of what could not be made, and is not there. */
  readonly missing: ReadonlySet<string>;
}

const NOTHING_FAILED: Failed = { problems: [], missing: new Set() };

interface Tools {
  readonly dataSource: DataSource;
  readonly hasher: SecretHasher;
  readonly environmentId: string;
  readonly note: ImportRequest['note'];
}

/** Does the steps, those too that come after one that could not be done; but nothing within what could not be made. */
async function carryOut(steps: readonly ImportStep[], tools: Tools): Promise<Failed> {
  const problems: Problem[] = [];
  const missing = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const isWithin = 'organizationId' in step && (missing.has(step.organizationId) || missing.has(step.id));
    try {
      if (!isWithin) await carryOutStep(asOperator(tools.dataSource), tools, step);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ what: step.what, message: error.message });
      if ('id' in step) missing.add(step.id);
    }
    if ((index + 1) % TOLD_EVERY === 0) tools.note(`${index + 1} of ${steps.length} done.`);
  }
  return { problems, missing };
}

type PeopleOf = People & Pick<PlannedDirectory, 'directory'>;

/** Brings the people of the directories, one directory after the other, and before its users the roles that its groups give them. */
async function importAllPeople(
  source: Source,
  { isDryRun, ...tools }: Tools & { isDryRun: boolean },
  { directories, roles }: Pick<ImportPlan, 'directories' | 'roles'>,
): Promise<PeopleOf[]> {
  const all: PeopleOf[] = [];
  for (const planned of directories) {
    const { id, organizationId, directory } = planned;
    if (id === null) continue;
    const tenant = { environmentId: tools.environmentId, organizationId, directoryId: id };
    const failed: Problem[] = [];
    const step = roles.get(id);
    const people = await importPeople(
      source,
      { ...planned, id },
      {
        store: async (slice) => {
          if (!isDryRun) await publishImported(tools.dataSource, tenant, slice);
        },
        afterGroups: async () => {
          if (!isDryRun && step) failed.push(...(await carryOut([step], tools)).problems);
        },
      },
    );
    all.push({ directory, ...people, problems: [...failed, ...people.problems] });
    if (all.length % TOLD_EVERY === 0) tools.note(`People of ${all.length} directories read.`);
  }
  return all;
}

async function carryOutStep(
  writer: Writer,
  { hasher, environmentId }: Pick<Tools, 'hasher' | 'environmentId'>,
  step: ImportStep,
): Promise<void> {
  switch (step.kind) {
    case 'role': {
      const { name: roleName, displayName, description } = step.role;
      await createRole(writer, environmentId, { roleName, displayName, description });
      return;
    }
    case 'default_role':
      await setDefaultRole(writer, environmentId, step.roleName);
      return;
    case 'organization': {
      const { id: theirs, name: displayName, externalId, metadata, dirSync: dirSyncEnabled } = step.organization;
      const externalIds = { [step.service]: theirs };
      await createOrganization(writer, environmentId, {
        id: step.id,
        displayName,
        externalId,
        metadata,
        dirSyncEnabled,
        externalIds,
      });
      return;
    }
    case 'adoption': {
      const patch = { externalIds: step.externalIds, ...(step.needsDirSync && { dirSyncEnabled: true }) };
      await updateOrganization(writer, { environmentId, organizationId: step.id }, patch);
      return;
    }
    case 'directory': {
      const { id: theirs, name, provider, enabled } = step.directory;
      const scope = { environmentId, organizationId: step.organizationId };
      await createDirectory(writer, scope, {
        id: step.id,
        ...(name !== '' && { name }),
        directoryType: 'SCIM',
        directoryProvider: provider,
        enabled,
        externalIds: { [step.service]: theirs },
      });
      return;
    }
    case 'access': {
      const scope = { environmentId, organizationId: step.organizationId, directoryId: step.id };
      await keepAccess(writer, hasher, scope, { alias: step.alias, token: step.token, name: 'Imported' });
      return;
    }
    case 'rules': {
      const scope = { environmentId, organizationId: step.organizationId, directoryId: step.id };
      await changeDirectoryRules(writer, scope, step.rules);
    }
  }
}
