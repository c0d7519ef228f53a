import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../providers/provider-catalogue';
import { lastEnd, liveSecrets } from './secret-life';
import { shownName } from './shown-name';

export type StatusTone = 'neutral' | 'waiting' | 'good' | 'bad';

export interface StatusDescription {
  tone: StatusTone;
  label: string;
}

/** What of a directory says how it is connected. */
export type ConnectionFacts = Pick<Directory, 'enabled' | 'status'> & {
  secrets: readonly Pick<Directory['secrets'][number], 'status' | 'expire_time'>[];
};

export type ConnectionState = 'disabled' | 'draft' | 'no_active_token' | 'token_expiring' | 'waiting' | 'connected';

const WARNING_MS = 7 * 86_400_000;

/**
 * How a directory is connected at `now`, which may be later than it was read. Being disabled outranks everything, then what
 * keeps the identity provider out, then what soon will; what is left is how far the connection got.
 */
export function connectionState({ enabled, status, secrets }: ConnectionFacts, now: Date): ConnectionState {
  if (!enabled) return 'disabled';
  const live = liveSecrets(secrets, now);
  if (live.length === 0) return secrets.length === 0 && status === 'DRAFT' ? 'draft' : 'no_active_token';
  if (lastEnd(live) - now.getTime() <= WARNING_MS) return 'token_expiring';
  return status === 'COMPLETED' ? 'connected' : 'waiting';
}

const STATUS: Record<ConnectionState, StatusDescription> = {
  disabled: { tone: 'bad', label: 'Disabled' },
  draft: { tone: 'neutral', label: 'No token yet' },
  no_active_token: { tone: 'bad', label: 'No active token' },
  token_expiring: { tone: 'waiting', label: 'Token expiring' },
  waiting: { tone: 'waiting', label: 'Waiting' },
  connected: { tone: 'good', label: 'Connected' },
};

/** A directory's state in one or two words. */
export function describeStatus(directory: ConnectionFacts, now: Date): StatusDescription {
  return STATUS[connectionState(directory, now)];
}

/** What a directory is called: its name, else its provider's. */
export function directoryTitle(directory: Pick<Directory, 'name' | 'directory_provider'>): string {
  return shownName(directory.name.trim(), findProvider(directory.directory_provider).name);
}
