import { runCommand } from './administer/run-command';
import { describeFailure } from './describe-failure';

/** `npm run rollcall -- <command>`: administration from the command line. */
try {
  await runCommand(process.argv.slice(2), process.env, (text) => void process.stdout.write(`${text}\n`));
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
