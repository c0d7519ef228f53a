import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@rollcall/embedded-postgres';
import { startNameServer } from './start-name-server';
import { waitUntil } from './wait-until';

/** The file that docker-compose.yml gives to HAProxy. */
const CONFIGURATION = fileURLToPath(new URL('../../../infra/deploy/haproxy/haproxy.cfg', import.meta.url));

export interface TestHaproxy {
  readonly baseUrl: string;
  /** What it has logged. */
  output(): string;
  /** How many ingresses it sends requests to now. */
  countReady(): Promise<number>;
  /** SIGUSR1, as Docker stops it, and the exit code that follows. */
  stop(): Promise<number | null>;
  /** SIGKILL; another may be started on the same port then. */
  kill9(): Promise<void>;
}

/** Whether the machine has HAProxy: where it has none the caller says by name what it then does not test. */
export function hasHaproxy(): boolean {
  return spawnSync('haproxy', ['-v']).status === 0;
}

/** What HAProxy says against docker-compose's configuration; empty when nothing. */
export function checkHaproxyConfiguration(): string {
  const { status, stderr } = spawnSync('haproxy', ['-c', '-q', '-f', CONFIGURATION], { encoding: 'utf8' });
  return status === 0 ? stderr : `${stderr}\nexit code ${status}`;
}

/**
 * Starts HAProxy by docker-compose's configuration, with ports of this machine and a name server by which it finds the ingresses, and
 * resolves when it sends requests to all of them. Rejects with its output when it ends before.
 * @param ingress.addresses of the ingresses, which all listen on `ingress.port`
 */
export async function startHaproxy(
  ingress: { addresses: readonly string[]; port: number },
  { port }: { port: number },
): Promise<TestHaproxy> {
  const [names, operationsPort] = await Promise.all([startNameServer(ingress.addresses), findFreePort()]);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const configuration = replaceEach(await readFile(CONFIGURATION, 'utf8'), [
    ['bind :4000', `bind 127.0.0.1:${port}`],
    ['bind :8404', `bind 127.0.0.1:${operationsPort}`],
    ['127.0.0.11:53', `127.0.0.1:${names.port}`],
    ['ingress:4000', `ingress:${ingress.port}`],
  ]);
  await writeFile(file, configuration);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const countReady = async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended with exit code ${child.exitCode}.\n${output}`);
    const answer = await fetch(`http://127.0.0.1:${operationsPort}/metrics`).catch(() => null);
    const metrics = (await answer?.text()) ?? '';
    return metrics.match(/^haproxy_server_status\{proxy="ingress",server="[^"]+",state="UP"\} 1$/gm)?.length ?? 0;
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const code = await ended;
    await Promise.all([names.stop(), rm(folder, { recursive: true, force: true })]);
    return code;
  };
  const isReady = async () => (await countReady()) === ingress.addresses.length;
  await waitUntil(isReady, { what: 'HAProxy finding every ingress', saw: () => output }).catch(async (error) => {
    await end('SIGKILL');
    throw error;
  });
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    output: () => output,
    countReady,
    stop: () => end('SIGUSR1'),
    kill9: async () => void (await end('SIGKILL')),
  };
}

/** The text with each of these replaced wherever it stands, which must be somewhere. */
function replaceEach(text: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((result, [found, by]) => {
    if (!result.includes(found)) throw new Error(`haproxy.cfg has to name ${found}.`);
    return result.replaceAll(found, by);
  }, text);
}
