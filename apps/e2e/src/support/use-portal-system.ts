import { launchChromium, type RunningRollcall, startRollcall } from '@rollcall/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** What a suite of the portal runs on: a server of its own and a browser. */
export interface PortalSystem {
  readonly rollcall: RunningRollcall;
  readonly browser: Browser;
}

/** Starts both before the tests of the file that calls it, and ends them after these. */
export function usePortalSystem(): PortalSystem {
  let rollcall: RunningRollcall;
  let browser: Browser;
  beforeAll(async () => {
    [rollcall, browser] = await Promise.all([startRollcall(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await rollcall?.stop();
  });
  return {
    get rollcall() {
      return rollcall;
    },
    get browser() {
      return browser;
    },
  };
}
