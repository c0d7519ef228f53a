import { useSyncExternalStore } from 'react';

/** Whether calls are answered; if not, whether the browser has a network at all. */
type Reachability = 'answers' | 'silent' | 'offline';

let reachability: Reachability = 'answers';
const listeners = new Set<() => void>();

/** Notes that the server has answered, whatever it said. */
export function noteAnswer(): void {
  change('answers');
}

/** Notes that it has not, and whether the browser has a network. */
export function noteSilence(isOnline: boolean): void {
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
