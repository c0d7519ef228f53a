import { parseArgs } from 'node:util';

export interface Options {
  /** Few, small scenarios and short rounds. */
  quick: boolean;
  rounds: number;
  /** How many more rounds there may be while they disagree. */
  moreRounds: number;
  /** The name of a scenario, or a pattern of names. */
  only?: string;
  /** Not the scenarios, but one steady load for so long. */
  soakMinutes?: number;
  /** Whether to compare with the rivals. */
  rivals: boolean;
  /** Whether what is settled goes into the results that the repository shows. */
  publish: boolean;
  /** Files to write, without their ending. */
  output: string;
  /** A folder for CPU profiles of the ingress. */
  profileFolder?: string;
}

/** What was asked for: to measure, or to be told something. */
export type Request =
  | { kind: 'measure'; options: Options }
  | { kind: 'help' | 'list' }
  | { kind: 'backup'; users: number }
  /** What installations of these sizes take; without one, of those that CAPACITY.md shows. */
  | { kind: 'capacity'; demand?: { organizations: number; usersPerOrganization: number } };

/** How long a soak lasts unless told otherwise. */
export const SOAK_MINUTES = 10;

export const HELP = `npm run bench -- [options]

Measures Rollcall, the systems it is compared with and the limit of what this machine allows, on a PostgreSQL of its own, and prints
a Markdown table. The contenders of a scenario run in turn, round by round; medians and ratios are of the rounds. While the rounds
disagree there are more of them, up to twice as many. Before each scenario it waits, for some minutes in all, until other programs
leave the machine alone, and says so when they do not.

  --quick             small scenarios only, short rounds: about five minutes
  --only <name>       only the scenario of this name, or those whose names match this regular expression (case ignored);
                      with --quick it is a matter of seconds. Those that take an hour run only so
  --list              the names of the scenarios
  --rounds <n>        rounds of each scenario (default 5; 3 with --quick)
  --soak              instead of the scenarios a steady load on an ingress and a worker, whose memory is watched
  --minutes <n>       how long the soak lasts, after it has warmed up for two minutes (default ${SOAK_MINUTES})
  --no-rivals         do not install or run the systems to compare with
  --publish           write what is settled into infra/bench/RESULTS.md, in place of what it says of the same scenarios; refused
                      are figures whose rounds lie too far apart, and scenarios during which others used the machine
  --output <path>     where to write <path>.md and <path>.json (default infra/bench/results/latest, or …/soak)
  --capacity          measure nothing: work out from the published results what installations of three sizes take
                      (infra/bench/CAPACITY.md), or one with --organizations <n> and --users <n> (of each, 500 in the mean)
  --backup            times one backup and one restore of a million users, or of --users <n>: some minutes
  --profile <folder>  write CPU profiles of the ingress into the folder
  --help              this text`;

/** Fewer rounds tell nothing about how far they lie apart. */
const PUBLISHED_ROUNDS = 3;

/** Reads the command line. Throws an error that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Request {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      list: { type: 'boolean' },
      rounds: { type: 'string' },
      soak: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      'no-rivals': { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      output: { type: 'string' },
      profile: { type: 'string' },
      capacity: { type: 'boolean' },
      backup: { type: 'boolean' },
      organizations: { type: 'string' },
      users: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  const { organizations, users } = values;
  if (values.backup) return { kind: 'backup', users: readCount('users', users, 1_000_000) };
  if (values.capacity) return readCapacity(organizations, users);
  if (organizations !== undefined || users !== undefined)
    throw new Error('--organizations and --users go with --capacity, --users also with --backup.');
  const { soak, quick, publish } = values;
  if (soak && (quick || values.only !== undefined || values.rounds !== undefined)) {
    throw new Error('--soak runs no scenarios: it takes neither --quick nor --only nor --rounds.');
  }
  if (!soak && values.minutes !== undefined) throw new Error('--minutes goes with --soak.');
  const rounds = readCount('rounds', values.rounds, quick ? 3 : 5);
  const inPart = quick || values['no-rivals'] || rounds < PUBLISHED_ROUNDS || values.minutes !== undefined;
  if (publish && inPart) {
    throw new Error(
      `What is published is measured in full: --publish takes neither --quick nor --no-rivals nor --minutes, and at least ${PUBLISHED_ROUNDS} rounds.`,
    );
  }
  return {
    kind: 'measure',
    options: {
      quick,
      rounds,
      moreRounds: quick ? 0 : rounds,
      rivals: !values['no-rivals'],
      publish,
      output: values.output ?? `infra/bench/results/${soak ? 'soak' : 'latest'}`,
      ...(values.only !== undefined && { only: values.only }),
      ...(soak && { soakMinutes: readCount('minutes', values.minutes, SOAK_MINUTES) }),
      ...(values.profile !== undefined && { profileFolder: values.profile }),
    },
  };
}

function readCapacity(organizations: string | undefined, users: string | undefined): Request {
  if (organizations === undefined && users === undefined) return { kind: 'capacity' };
  const usersPerOrganization = readCount('users', users, 500);
  return {
    kind: 'capacity',
    demand: { organizations: readCount('organizations', organizations, 100), usersPerOrganization },
  };
}

function readCount(option: string, given: string | undefined, otherwise: number): number {
  const count = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${option} takes a whole number from 1 on.`);
  return count;
}
