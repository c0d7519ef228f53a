import type { Directory, DirectoryHealth } from '@rollcall/sdk';
import { findProvider } from '../providers/provider-catalogue';
import { shownName } from './shown-name';

export type StatusTone = 'neutral' | 'waiting' | 'good' | 'bad';

export interface StatusDescription {
  tone: StatusTone;
  label: string;
}

const STATUS: Record<DirectoryHealth['state'], StatusDescription> = {
  waiting: { tone: 'waiting', label: 'Waiting' },
  connected: { tone: 'good', label: 'Connected' },
  refused: { tone: 'bad', label: 'Refused' },
  stalled: { tone: 'bad', label: 'Stalled' },
  token_expiring: { tone: 'waiting', label: 'Token expiring' },
  no_active_token: { tone: 'bad', label: 'No active token' },
  disabled: { tone: 'bad', label: 'Disabled' },
  feature_off: { tone: 'bad', label: 'Feature off' },
};

/** The health of a directory in one or two words. */
export function describeStatus(state: DirectoryHealth['state']): StatusDescription {
  // A newer server may know a state that this page does not.
  return STATUS[state] ?? { tone: 'neutral', label: 'Unknown' };
}

/** What a directory is called: its name, else its provider's. */
export function directoryTitle(directory: Pick<Directory, 'name' | 'directory_provider'>): string {
  return shownName(directory.name.trim(), findProvider(directory.directory_provider).name);
}
