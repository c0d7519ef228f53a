import { StartError } from '@rollcall/embedded-postgres';
import { ConfigError } from '@rollcall/platform';
import { runCommand } from './administer/run-command';

/** `npm run rollcall -- <command>`: administration from the command line. */
export async function run(): Promise<void> {
  try {
    await runCommand(process.argv.slice(2), process.env, (text) => void process.stdout.write(`${text}\n`));
  } catch (error) {
    process.stderr.write(`${await describe(error)}\n`);
    process.exitCode = 1;
  }
}

/** What is wrong with the command itself is said without loading what commands need. */
async function describe(error: unknown): Promise<string> {
  if (error instanceof StartError || error instanceof ConfigError) return error.message;
  const { describeFailure } = await import('./describe-failure');
  return describeFailure(error);
}
