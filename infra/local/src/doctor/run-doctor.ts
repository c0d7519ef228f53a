import { findEmbeddedPostgres, hasCluster, StartError } from '@rollcall/embedded-postgres';
import type { Config } from '@rollcall/platform';
import { checkConfiguration } from './check-configuration';
import { checkCells } from './check-cells';
import { checkDatabase } from './check-database';
import { checkDisk, checkMail, checkOutbound, checkRedis } from './check-surroundings';
import { findingsOf, runCheck } from './finding';
import type { Finding } from './finding';

/**
 * Looks at all that the server depends on, changes nothing, and prints what it found. Throws a StartError when something of it failed.
 */
export async function runDoctor(request: {
  env: NodeJS.ProcessEnv;
  json: boolean;
  say: (text: string) => void;
}): Promise<void> {
  const { env, json, say } = request;
  const { findings, config } = checkConfiguration(env);
  const all = config ? [...findings, ...(await checkAll(config))] : findings;
  if (json) say(JSON.stringify({ ok: all.every(({ state }) => state !== 'fail'), findings: all }));
  else for (const { check, state, text } of all) say(`${state.padEnd(5)} ${check.padEnd(14)} ${text}`);
  const failed = all.filter(({ state }) => state === 'fail').length;
  if (failed > 0) throw new StartError(`${failed === 1 ? 'One check has' : `${failed} checks have`} failed.`);
}

async function checkAll(config: Config): Promise<Finding[]> {
  const urls = config.databaseUrl
    ? { appUrl: config.databaseUrl, ownerUrl: config.databaseOwnerUrl }
    : await findEmbeddedPostgres(config.dataDir);
  const database = urls ? checkDatabase(urls.appUrl, config) : describeStopped(config.dataDir);
  const parts = await Promise.all([
    database,
    checkCells(config),
    config.redisUrl === undefined ? [] : runCheck('queue', () => checkRedis(config.redisUrl ?? '')),
    urls ? runCheck('outbound', () => checkOutbound(urls.ownerUrl, config)) : [],
    runCheck('mail', () => checkMail(config)),
    config.databaseUrl || !urls ? [] : runCheck('disk', () => checkDisk(config.dataDir)),
  ]);
  return parts.flat();
}

async function describeStopped(dataDir: string): Promise<Finding[]> {
  const { fail } = findingsOf('database');
  if (await hasCluster(dataDir))
    return [fail(`The embedded database in ${dataDir} does not run: "npm start" starts it.`)];
  return [
    fail(`There is no database in ${dataDir} yet: "npm start" makes one; or correct DATA_DIR, or set DATABASE_URL.`),
  ];
}
