/**
 * What takes longer than this hangs: the one limit of every test, hook and command that a test runs. It is no figure of what is
 * tested: a machine that is ten times slower keeps within it. HANG_LIMIT_MINUTES is for suites that are given far more work.
 */
export const HANG_LIMIT_MS = Number(process.env.HANG_LIMIT_MINUTES || 10) * 60_000;

/** A single wait within a test gives up before the test does, so that the failure says what was waited for. */
export const WAIT_LIMIT_MS = HANG_LIMIT_MS / 2;
