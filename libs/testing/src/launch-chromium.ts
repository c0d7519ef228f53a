import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { WAIT_LIMIT_MS } from './hang-limit';

const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** A test's browser has no business on the network: no updates, no safe-browsing lists, no field trials. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/**
 * Launches a headless Chromium: the system's if there is one, else the one that the package @sparticuz/chromium brings
 * for Linux x64. Rejects with what to install when there is neither.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findProgram() ?? (await packagedProgram());
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    timeout: WAIT_LIMIT_MS,
    executablePath,
    args: [...asRoot, '--disable-dev-shm-usage', ...QUIET],
  });
}

function findProgram(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)));
  return [...paths, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function packagedProgram(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('There is no Chromium on this machine: install Google Chrome or Chromium.');
  }
  // Tells the package to unpack the system libraries that it needs beside the browser, which it decides when imported.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs20.x';
  // The configuration of its fonts names /tmp: unpacked elsewhere, no text of a page has a height.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = '/tmp';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    packaged.setGraphicsMode = false;
    return await packaged.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
