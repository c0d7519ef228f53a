import { launchChromium, type RunningRollcall, startRollcall } from '@rollcall/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { connectManagementApi } from './connect-management-api';

/** What a suite of the browser runs on. */
export interface PortalSystem {
  readonly rollcall: RunningRollcall;
  readonly browser: Browser;
}

/** A start takes seconds of a processor. Both end with the process that started them. */
let shared: Promise<PortalSystem> | null = null;

/**
 * Has a server and a browser before the tests of the file that calls it. The suites of a test process share them: each makes
 * organizations and contexts of its own.
 * @param options `own`: a server that nobody has set up, for a suite that becomes its first owner
 */
export function usePortalSystem(options: { own?: boolean } = {}): PortalSystem {
  let system: PortalSystem;
  beforeAll(async () => {
    system = await (options.own ? start() : (shared ??= start()));
  });
  afterAll(async () => {
    if (!options.own) return forgetSettings(system);
    await system?.browser.close();
    await system?.rollcall.stop();
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

/** What a suite has set for the environment would be met by the next one. */
async function forgetSettings(system: PortalSystem | undefined): Promise<void> {
  if (!system) return;
  const { baseUrl, bootstrap } = system.rollcall;
  const { client_id: clientId, client_secret: clientSecret } = bootstrap;
  const api = await connectManagementApi(baseUrl, { clientId, clientSecret });
  await api('PUT', '/portal_settings', {});
}

async function start(): Promise<PortalSystem> {
  const [rollcall, browser] = await Promise.all([startRollcall(), launchChromium()]);
  return { rollcall, browser };
}
