import { launchChromium, type RunningRollcall, startRollcall } from '@rollcall/testing';
import type { Browser } from 'playwright-core';
import { beforeAll } from 'vitest';

/** What a suite of the portal runs on. The suites of a test process share it: each makes organizations and contexts of its own. */
export interface PortalSystem {
  readonly rollcall: RunningRollcall;
  readonly browser: Browser;
}

/** A start takes seconds of a processor. Both end with the process that started them. */
let started: Promise<PortalSystem> | null = null;

/** Has a server and a browser before the tests of the file that calls it. */
export function usePortalSystem(): PortalSystem {
  let system: PortalSystem;
  beforeAll(async () => {
    started ??= start();
    system = await started;
  });
  return {
    get rollcall() {
      return system.rollcall;
    },
    get browser() {
      return system.browser;
    },
  };
}

async function start(): Promise<PortalSystem> {
  const [rollcall, browser] = await Promise.all([startRollcall(), launchChromium()]);
  return { rollcall, browser };
}
