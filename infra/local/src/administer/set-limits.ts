import { asOwner, checkDatabase } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { asOperator, findEnvironmentLimits, setEnvironmentLimits } from '@rollcall/management';
import { ENVIRONMENT_LIMITS, LIMIT_MAX, publicId } from '@rollcall/platform';
import type { EnvironmentLimit, OwnLimits, SecretKeys } from '@rollcall/platform';
import { chooseEnvironment } from './choose-environment';

export interface LimitValues {
  readonly environment?: string;
  readonly 'requests-per-second'?: string;
  readonly 'rows-per-minute'?: string;
  readonly 'search-seconds-per-minute'?: string;
  readonly 'api-requests-per-second'?: string;
  readonly 'burst-seconds'?: string;
  readonly reset?: boolean;
  readonly json?: boolean;
}

const NAMES = Object.keys(ENVIRONMENT_LIMITS) as EnvironmentLimit[];

/** Gives an environment rate limits of its own, or none any more, and prints those that it has. Without an option it only prints. */
export async function setLimits(request: {
  ownerUrl: string;
  keys: SecretKeys;
  values: LimitValues;
  say: (text: string) => void;
}): Promise<void> {
  const { ownerUrl, keys, values, say } = request;
  const given = readLimits(values);
  const isChange = Object.keys(given).length > 0;
  if (values.reset && isChange) throw new StartError('Give limits or --reset, not both.');
  await asOwner(ownerUrl, async (dataSource) => {
    await checkDatabase(dataSource, keys);
    const id = await chooseEnvironment(dataSource, values.environment);
    const own =
      isChange || values.reset
        ? await setEnvironmentLimits(asOperator(dataSource), id, values.reset ? null : given)
        : await findEnvironmentLimits(dataSource, id);
    const environment = publicId('env', id);
    if (values.json) return say(JSON.stringify({ environment_id: environment, limits: own }));
    say(`Limits of ${environment}${isChange || values.reset ? ', which hold within half a minute' : ''}:`);
    for (const name of NAMES) say(`  ${name.padEnd(26)}${own[name] ?? 'as the processes are told'}`);
  });
}

function readLimits(values: LimitValues): OwnLimits {
  const limits: OwnLimits = {};
  for (const name of NAMES) {
    const option = name.replaceAll('_', '-') as keyof LimitValues & `${string}-${string}`;
    const text = values[option];
    if (text === undefined) continue;
    const { min } = ENVIRONMENT_LIMITS[name];
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= LIMIT_MAX)) {
      throw new StartError(`--${option} must be a whole number from ${min} to ${LIMIT_MAX}.`);
    }
    limits[name] = value;
  }
  return limits;
}
