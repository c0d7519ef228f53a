import { parseArgs } from 'node:util';

export interface Options {
  /** Few, small scenarios and short rounds. */
  quick: boolean;
  rounds: number;
  /** Only scenarios whose name matches. */
  only?: RegExp;
  /** Not the scenarios, but one steady load for so long. */
  soakMinutes?: number;
  /** Whether to compare with the rivals. */
  rivals: boolean;
  /** Files to write, without their ending. */
  output: string;
  /** A folder for CPU profiles of the ingress. */
  profileFolder?: string;
}

const HELP = `npm run bench -- [options]

Measures Rollcall and the systems it is compared with, on a PostgreSQL of its own, and prints a Markdown table. The contenders of
a scenario run in turn, round by round; medians and ratios are of the rounds. Close other programs first.

  --quick             small scenarios only, short rounds: under three minutes
  --only <pattern>    only scenarios whose name matches (a regular expression, case ignored)
  --rounds <n>        rounds of each scenario (default 5; 3 with --quick)
  --soak              instead of the scenarios a steady load on an ingress and a worker, whose memory is watched
  --minutes <n>       how long the soak lasts, after it has warmed up for two minutes (default 10)
  --no-rivals         do not install or run the systems to compare with
  --output <path>     where to write <path>.md and <path>.json (default infra/bench/results/latest, or …/soak)
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
        soak: { type: 'boolean', default: false },
        minutes: { type: 'string' },
        'no-rivals': { type: 'boolean', default: false },
        output: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      return undefined;
    }
    const { soak } = values;
    if (soak && (values.quick || values.only !== undefined || values.rounds !== undefined)) {
      throw new Error('--soak runs no scenarios: it takes neither --quick nor --only nor --rounds.');
    }
    if (!soak && values.minutes !== undefined) throw new Error('--minutes goes with --soak.');
    return {
      quick: values.quick,
      rounds: readCount('rounds', values.rounds, values.quick ? 3 : 5),
      rivals: !values['no-rivals'],
      output: values.output ?? `infra/bench/results/${soak ? 'soak' : 'latest'}`,
      ...(values.only !== undefined && { only: new RegExp(values.only, 'i') }),
      ...(soak && { soakMinutes: readCount('minutes', values.minutes, 10) }),
      ...(values.profile !== undefined && { profileFolder: values.profile }),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(1);
  }
}

function readCount(option: string, given: string | undefined, otherwise: number): number {
  const count = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${option} takes a whole number from 1 on.`);
  return count;
}
