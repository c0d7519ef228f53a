import { parseArgs } from 'node:util';
import { StartError } from '@rollcall/embedded-postgres';
import { readConfig } from '@rollcall/platform';
import { OPTIONS } from './command-options';
import { COMMANDS } from './commands';
import type { CommandDescription, CommandName, CommandRequest, ServerCommandName } from './commands';

/** Runs one administration command. Throws a StartError for a command or an option that does not exist, and what the command throws. */
export async function runCommand(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  say: CommandRequest['say'],
): Promise<void> {
  const [name = '--help', ...args] = argv;
  if (name === '--help' || name === '-h' || name === 'help') return say(describeCommands());
  if (!isCommand(name)) throw new StartError(`There is no command "${name}".\n\n${describeCommands()}`);
  const command: CommandDescription = COMMANDS[name];
  const values = readOptions(command, args);
  if (values.help) return say(describeCommand(command));
  if (name === 'doctor') {
    // It reads the configuration itself: what is wrong with that is a finding among others.
    const { runDoctor } = await import('../doctor/run-doctor');
    return runDoctor({ env, json: values.json ?? false, say });
  }
  const config = readConfig(env, { needsSecretKey: command.needsSecretKey });
  // What a command needs takes a second to load; help and refusals do not wait for it.
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  if (isOnServer(name)) {
    const { runOnServer } = await import('../consume/run-on-server');
    return runOnServer(name, { config, env, values, say, note });
  }
  const { runAction } = await import('./run-action');
  await runAction(name, { config, env, values, say, note });
}

function isOnServer(name: CommandName): name is ServerCommandName {
  return 'onServer' in COMMANDS[name];
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function readOptions(command: CommandDescription, args: string[]): CommandRequest['values'] {
  const known = Object.fromEntries(command.options.map((option) => [option, OPTIONS[option]]));
  const options = { ...known, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: command.argument !== undefined });
    if (positionals.length > 1) throw new StartError(`Name one ${command.argument}.`);
    return { ...values, argument: positionals[0] };
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${describeCommand(command)}`);
  }
}

function describeCommands(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(20)}${summary}`);
  return [
    'Usage: npm run rollcall -- <command> [options]',
    '',
    'Commands:',
    ...lines,
    '',
    'They work on the database of DATABASE_OWNER_URL, which is that of DATABASE_URL, or on the one in DATA_DIR (default ./.rollcall);',
    'listen, trigger, seed and apply on a running server, with the API key in ROLLCALL_API_KEY or the client in DATA_DIR/bootstrap.json.',
    'npm run rollcall -- <command> --help describes a command.',
  ].join('\n');
}

function describeCommand({ usage, summary, options }: CommandDescription): string {
  const lines = options.map((option) => `  ${OPTIONS[option].text}`);
  return [
    `Usage: npm run rollcall -- ${usage}`,
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n');
}
