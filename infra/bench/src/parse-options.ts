import { parseArgs } from 'node:util';

export interface Options {
  /** Few, small scenarios and short rounds. */
  quick: boolean;
  rounds: number;
  /** Only scenarios whose name matches. */
  only?: RegExp;
  rivals: boolean;
  /** Files to write, without their ending. */
  output: string;
  profileFolder?: string;
}

const HELP = `npm run bench -- [options]

Measures Rollcall and the systems it is compared with, on a PostgreSQL of its own, and prints a Markdown table. The contenders of
a scenario run in turn, round by round; medians and ratios are of the rounds. Close other programs first.

  --quick             small scenarios only, short rounds: under three minutes
  --only <pattern>    only scenarios whose name matches (a regular expression, case ignored)
  --rounds <n>        rounds of each scenario (default 5; 3 with --quick)
  --no-rivals         do not install or run the systems to compare with
  --output <path>     where to write <path>.md and <path>.json (default infra/bench/results/latest)
  --profile <folder>  write CPU profiles of the ingress into the folder
  --help              this text`;

/** Reads the command line; undefined when it asked for help, which is printed then. Ends the process when it is wrong. */
export function parseOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string' },
        'no-rivals': { type: 'boolean', default: false },
        output: { type: 'string', default: 'infra/bench/results/latest' },
        profile: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      return undefined;
    }
    const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
    if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on.');
    return {
      quick: values.quick,
      rounds,
      rivals: !values['no-rivals'],
      output: values.output,
      ...(values.only !== undefined && { only: new RegExp(values.only, 'i') }),
      ...(values.profile !== undefined && { profileFolder: values.profile }),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(1);
  }
}
