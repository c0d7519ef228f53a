import { stripVTControlCharacters } from 'node:util';
import { StartError } from '@rollcall/embedded-postgres';
import { publicId } from '@rollcall/platform';
import type { DirectoryLine, StepLine } from './describe-import';
import type { Problem } from './source';

/** What an import has done, or would do. */
export interface ImportOutcome {
  readonly environmentId: string;
  readonly plan: readonly StepLine[];
  readonly directories: readonly DirectoryLine[];
  /** What the source does not tell; null: nothing. */
  readonly note: string | null;
  /** What the source has. */
  readonly people: readonly { source_id: string; users: number; groups: number }[];
  readonly problems: readonly Problem[];
}

/** How it is told. */
interface Telling {
  readonly values: { readonly 'dry-run'?: boolean; readonly json?: boolean };
  readonly say: (text: string) => void;
}

/** Says what an import did, for people or as JSON. Throws a StartError when something could not be imported. */
export function tellImport({ values, say }: Telling, outcome: ImportOutcome): void {
  const { environmentId, plan, directories, note, people, problems } = outcome;
  const isDryRun = values['dry-run'] ?? false;
  if (values.json) {
    const environment = publicId('env', environmentId);
    say(JSON.stringify({ environment_id: environment, applied: !isDryRun, plan, directories, note, people, problems }));
  } else {
    for (const { action, what, ...details } of plan)
      say(`${action === 'create' ? '+' : '~'} ${onOneLine(what)}${list(details)}`);
    if (directories.length > 0) say(`\nWhat is left to do, by directory:\n\n${tabulate(directories)}\n`);
    if (note !== null && directories.length > 0) say(`${note}\n`);
    for (const { source_id: id, users, groups } of people)
      say(`People of directory ${onOneLine(id)}: ${users} users, ${groups} groups.`);
    for (const { what, message } of problems) say(`! ${onOneLine(what)}: ${onOneLine(message)}`);
    const count = `${plan.length} ${plan.length === 1 ? 'step' : 'steps'}`;
    if (plan.length === 0) say('Everything that can be imported is there.');
    else
      say(
        isDryRun
          ? `${count} to do; nothing was changed.`
          : `${count} done${problems.length > 0 ? ', but for what is named' : ''}.`,
      );
  }
  if (problems.length === 0) return;
  throw new StartError(
    `${problems.length} could not be imported, and are named above. Once they are mended, run the same command again.`,
  );
}

function list(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `\n    ${key}: ${onOneLine(JSON.stringify(value))}`)
    .join('');
}

/** Controls, what breaks a line, and what turns the direction of the text after it too. */
const NO_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu;

/** A text of the source as a terminal and a table can show it: it moves no cursor and begins no line. */
function onOneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(NO_LINE, ' ');
}

/** A table of Markdown, which people read and pass on. */
function tabulate(directories: readonly DirectoryLine[]): string {
  const rows = directories.map(({ organization, source_id, directory_id, provider, to_do }) =>
    [organization, source_id, directory_id ?? '', provider, to_do].map((cell) =>
      onOneLine(cell).replaceAll('|', '\\|'),
    ),
  );
  return [['organization', 'there', 'here', 'provider', 'to do'], Array(5).fill('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
