import { connectToServer } from './connect-to-server';
import type { ServerRequest } from './connect-to-server';
import { readEnvironmentFile } from './environment-file';
import { planEnvironment } from './plan-environment';
import type { Step } from './plan-environment';
import { readYaml } from './read-yaml';

export interface ApplyOptions {
  readonly url?: string;
  readonly json?: boolean;
  readonly 'dry-run'?: boolean;
  readonly argument?: string;
}

/**
 * Brings an environment to what a file says: shows what differs, then does it in this order; with `dry-run` only shows it. What the file
 * does not name stays. A step that the server refuses ends it, and what was done before stays done: applied again it goes on there.
 * @throws StartError for a file that cannot be used, RollcallError for what the server refuses, AbortError between two steps when it is to end
 */
export async function apply(request: ServerRequest, options: ApplyOptions): Promise<void> {
  const file = readEnvironmentFile(await readYaml(options.argument), '');
  const { client } = await connectToServer(request, options.url);
  const steps = await planEnvironment(client, file);
  const say = options.json ? () => undefined : request.say;
  for (const step of steps) say(describe(step));
  const plan = steps.map(({ action, what, differences }) => ({ action, what, differences }));
  const secrets: Record<string, string> = {};
  let applied = false;
  try {
    if (!options['dry-run']) {
      await applyAll(steps, request.signal, (what, secret) => {
        secrets[what] = secret;
        say(`The secret of the ${what}, shown this once: ${secret}`);
      });
      applied = true;
    }
  } finally {
    // Also of a run that ends half way: nobody shows its secrets again.
    if (options.json) request.say(JSON.stringify({ plan, applied, secrets }));
  }
  say(conclude(steps, options['dry-run'] ?? false));
}

async function applyAll(
  steps: readonly Step[],
  signal: AbortSignal,
  onSecret: (what: string, secret: string) => void,
): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    const made = await step.apply();
    if (made) onSecret(step.what, made.secret);
  }
}

const SIGNS = { create: '+', update: '~' } as const;

function describe({ action, what, differences }: Step): string {
  const lines = differences.map(({ key, from, to }) =>
    action === 'create'
      ? `    ${key}: ${JSON.stringify(to)}`
      : `    ${key}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  );
  return [`${SIGNS[action]} ${what}`, ...lines].join('\n');
}

function conclude(steps: readonly Step[], isDryRun: boolean): string {
  if (steps.length === 0) return 'Everything is as the file says.';
  const count = `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`;
  return isDryRun ? `${count} to make; nothing was changed.` : `${count} made.`;
}
