import { providerName } from '@rollcall/contract';
import type { ProviderId } from '@rollcall/contract';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long each identity provider may send nothing while all is well. Most send when something changes and have no cadence that
 * they document: a small organization may be silent for weeks, and in a month something changes nearly everywhere.
 */
const SILENCE_MS: Record<ProviderId, number> = {
  // An assignment or a changed profile is sent at once; there is no cycle for apps (help.okta.com: only imports have a schedule).
  OKTA: 30 * DAY_MS,
  // A cycle every 40 minutes (learn.microsoft.com: "How application provisioning works"), each of which begins with a request that
  // checks the endpoint (github.com/AzureAD/SCIMReferenceCode/issues/63). Three of them.
  MICROSOFT_AD: 2 * HOUR_MS,
  ONELOGIN: 30 * DAY_MS,
  JUMPCLOUD: 30 * DAY_MS,
  PING_IDENTITY: 30 * DAY_MS,
  RIPPLING: 30 * DAY_MS,
  // Nothing is known of it.
  CUSTOM: 30 * DAY_MS,
};

/** Milliseconds without a request after which something is wrong at the provider of this code. */
export function silenceLimitMs(provider: string): number {
  return SILENCE_MS[provider as ProviderId] ?? SILENCE_MS.CUSTOM;
}

/** The same as a person reads it: the provider's name and how long it is silent at most. */
export function describeSilence(provider: string): { name: string; limit: string } {
  const hours = silenceLimitMs(provider) / HOUR_MS;
  return { name: providerName(provider), limit: hours < 48 ? `${hours} hours` : `${hours / 24} days` };
}
