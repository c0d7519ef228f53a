import type { Route } from 'playwright-core';

/** Lets the server do what a call asks for, and its answer be lost on the way. */
export async function loseAnswer(route: Route): Promise<void> {
  await route.fetch();
  await route.abort('connectionreset');
}
