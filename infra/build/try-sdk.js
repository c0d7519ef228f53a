import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageSdk } from './package-sdk.js';

const PROGRAM = fileURLToPath(new URL('use-sdk.js', import.meta.url));

/** The runtimes that npm has, by the name that a project gives each: the package, and its program below node_modules. */
const RUNTIMES = {
  'Node.js 20': { name: 'node20', from: 'npm:node@20', program: 'node20/bin/node', args: [] },
  'Node.js 22': { name: 'node22', from: 'npm:node@22', program: 'node22/bin/node', args: [] },
  'Node.js 24': { name: 'node24', from: 'npm:node@24', program: 'node24/bin/node', args: [] },
  Bun: { name: 'bun', from: '1', program: 'bun/bin/bun.exe', args: ['run'] },
  Deno: { name: 'deno', from: '2', program: 'deno/deno', args: ['run', '--allow-net', '--allow-env', '--allow-read'] },
};

/**
 * Packs the SDK with `npm pack`, installs it into a project that has nothing else, and returns the project's folder.
 * @param {string} folder is emptied first
 */
export async function installPackedSdk(folder) {
  rmSync(folder, { recursive: true, force: true });
  const [source, project] = [join(folder, 'source'), join(folder, 'project')];
  await packageSdk(source);
  mkdirSync(project);
  const name = (await run('npm', ['pack', '--silent', '--pack-destination', folder], source)).trim();
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, name)], project);
  copyFileSync(PROGRAM, join(project, 'main.js'));
  return project;
}

/**
 * Runs the program of use-sdk.js against a server that breaks the first create. Returns what it did, and throws what it printed when it
 * has failed.
 * @param {string} project a folder of `installPackedSdk`
 * @param {{ program: string, args: readonly string[] }} runtime
 * @returns {Promise<string[]>}
 */
export async function useSdk(project, { program, args }) {
  const server = await startServer();
  try {
    const output = await run(program, [...args, 'main.js'], project, { ROLLCALL_URL: server.url });
    return JSON.parse(output);
  } finally {
    await server.stop();
  }
}

/** The token endpoint and two pages of organizations, as the management API has them. */
async function startServer() {
  let key;
  const server = createServer((request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const path = request.url.split('?')[0];
    request.resume().on('end', () => {
      if (path === '/oauth/token') return answer(200, { access_token: 'x', expires_in: 3600 });
      if (path !== '/api/v1/organizations') return answer(404, { error: { code: 'not_found', message: 'Not found.' } });
      if (request.method === 'POST') {
        if (key === undefined) {
          key = request.headers['idempotency-key'];
          return request.socket.destroy();
        }
        const isSame = key === request.headers['idempotency-key'];
        return answer(isSame ? 201 : 409, { organization: { id: 'org_1' } });
      }
      const isSecond = request.url.includes('page_token=second');
      const next_page_token = isSecond ? '' : 'second';
      answer(200, {
        organizations: [{ id: isSecond ? 'org_2' : 'org_1' }],
        total_size: 2,
        next_page_token,
        prev_page_token: '',
      });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

/** What a program prints. It runs beside this one, whose server it calls. */
function run(program, args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    const [output, errors] = [[], []];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(output).toString());
      reject(new Error(`${program} ${args.join(' ')} failed:\n${Buffer.concat([...output, ...errors]).toString()}`));
    });
  });
}

/** A program: tries the SDK in every runtime that can be installed from npm (700 MB, into a temporary folder). */
async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'try-sdk-'));
  try {
    const project = await installPackedSdk(join(folder, 'sdk'));
    const runtimes = join(folder, 'runtimes');
    mkdirSync(runtimes);
    writeFileSync(join(runtimes, 'package.json'), '{"private":true}');
    for (const [title, { name, from, program, args }] of Object.entries(RUNTIMES)) {
      const install = run('npm', ['install', '--no-audit', '--no-fund', `${name}@${from}`], runtimes);
      const path = join(runtimes, 'node_modules', program);
      const isThere = await install.then(
        () => existsSync(path),
        () => false,
      );
      const result = isThere ? (await useSdk(project, { program: path, args })).join(', ') : 'skipped: npm has it not';
      process.stdout.write(`${title}: ${result}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
