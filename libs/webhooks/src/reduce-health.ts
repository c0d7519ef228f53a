import { recordAttempt } from './record-attempt';
import type { EndpointHealth, HealthSignal } from './record-attempt';

/** An attempt that says something about its endpoint. */
export interface CountedAttempt {
  succeeded: boolean;
  at: Date;
}

/** An endpoint's health after several attempts, oldest first, and the signals of all of them. */
export function reduceHealth(
  health: EndpointHealth,
  attempts: readonly CountedAttempt[],
): { health: EndpointHealth; signals: HealthSignal[] } {
  const signals: HealthSignal[] = [];
  let current = health;
  for (const attempt of attempts) {
    const next = recordAttempt(current, attempt);
    current = next.health;
    signals.push(...next.signals);
  }
  return { health: current, signals };
}
