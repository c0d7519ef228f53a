import { useSyncExternalStore } from 'react';

/** Whether calls are answered; if not, whether the browser has a network at all. */
export type Reachability = 'answers' | 'silent' | 'offline';

/** Pauses between two questions to a server that does not answer grow no longer than this. */
const PAUSE_MAX_MS = 30_000;

let reachability: Reachability = 'answers';
/** Since when nothing has been answered, in milliseconds of the clock. */
let lostAt = 0;
const listeners = new Set<() => void>();

/** Notes that the server has answered, whatever it said. */
export function noteAnswer(): void {
  change('answers');
}

/** Notes that it has not, and whether the browser has a network. */
export function noteSilence(isOnline: boolean): void {
  if (reachability === 'answers') lostAt = Date.now();
  change(isOnline ? 'silent' : 'offline');
}

function change(next: Reachability): void {
  if (next === reachability) return;
  reachability = next;
  for (const listener of listeners) listener();
}

export function readReachability(): Reachability {
  return reachability;
}

/** Calls back whenever it changes. @returns what ends it */
export function watchReachability(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useReachability(): Reachability {
  return useSyncExternalStore(watchReachability, readReachability);
}

/** How long to wait before asking again what is asked for every `intervalMs`. */
export function pauseMs(intervalMs: number): number {
  return reachability === 'answers' ? intervalMs : backOff(intervalMs, Date.now() - lostAt);
}

/** Doubled as often as the time without an answer allows, up to a bound. */
export function backOff(intervalMs: number, lostForMs: number): number {
  let pause = intervalMs;
  while (pause * 2 <= Math.min(lostForMs, PAUSE_MAX_MS)) pause *= 2;
  return pause;
}
