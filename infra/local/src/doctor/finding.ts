/** What a check found, in a sentence; of a `warn` or a `fail` with what to do. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

/** Makes the findings of one check. */
export function findingsOf(check: string) {
  const make = (state: Finding['state']) => (text: string) => ({ check, state, text }) satisfies Finding;
  return { ok: make('ok'), warn: make('warn'), fail: make('fail') };
}

/** No check takes longer: what does not answer by then is what was to be found out. */
const CHECK_MS = 12_000;

/** Runs a check; that it fails, or does not end, is a finding too. */
export async function runCheck(check: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  const { fail } = findingsOf(check);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => resolve([fail(`There was no answer within ${CHECK_MS / 1_000} s.`)]), CHECK_MS);
  });
  const working = work().catch((error: unknown) => [fail(error instanceof Error ? error.message : String(error))]);
  return Promise.race([working, late]).finally(() => clearTimeout(timer));
}
