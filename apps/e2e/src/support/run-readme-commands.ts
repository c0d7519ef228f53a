import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the README's examples say that the server is. */
const ADDRESS_IN_README = 'localhost:4000';

/** Commands are run by a shell that stops at the first that fails; what they print and how it ended. */
export interface CommandsRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `sh` blocks of the README, or of another page, below the heading, in order, without the indentation of a list. */
export function readCommands(heading: string, page = 'README.md'): string[] {
  const section = readFileSync(join(ROOT, page), 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`));
  if (!section) throw new Error(`${page} has no heading "${heading}".`);
  return [...section.matchAll(/^( *)```sh\n(.*?)^ *```$/gms)].map(([, indent, block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim(),
  );
}

/** The script of every `npm start`, `npm test` and `npm run …` in the README, in its text and in its blocks. */
export function readScriptNames(): string[] {
  return [
    ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/\bnpm (?:run ([a-z][a-z:-]*)|(start|test))\b/g),
  ].map(([, script, short]) => script ?? short ?? '');
}

/**
 * Runs commands of the README as they stand, one after the other in one shell, in the folder (absolute) that holds
 * `.rollcall`, against the server on this port: curl is told so by its configuration file, and to fail when the answer
 * is an error. Resolves to null where curl is not installed: the caller says by name what it then does not test.
 */
export async function runReadmeCommands(
  commands: readonly string[],
  { folder, port }: { folder: string; port: number },
): Promise<CommandsRun | null> {
  if (spawnSync('curl', ['--version']).error) return null;
  writeFileSync(join(folder, '.curlrc'), `connect-to = "${ADDRESS_IN_README}:127.0.0.1:${port}"\nfail-with-body\n`);
  const env = { PATH: process.env.PATH, HOME: folder, CURL_HOME: folder };
  return new Promise((resolve) => {
    execFile('sh', ['-ec', commands.join('\necho\n')], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}
