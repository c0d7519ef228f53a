import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../providers/provider-catalogue';

export type StatusTone = 'neutral' | 'waiting' | 'good' | 'bad';

export interface StatusDescription {
  tone: StatusTone;
  label: string;
}

/** A directory's state in one or two words: being disabled outranks how far its connection got. */
export function describeStatus(directory: Pick<Directory, 'enabled' | 'status'>): StatusDescription {
  if (!directory.enabled) return { tone: 'bad', label: 'Disabled' };
  if (directory.status === 'COMPLETED') return { tone: 'good', label: 'Connected' };
  if (directory.status === 'IN_PROGRESS') return { tone: 'waiting', label: 'Waiting' };
  return { tone: 'neutral', label: 'No token yet' };
}

/** What a directory is called: its name, else its provider's. */
export function directoryTitle(directory: Pick<Directory, 'name' | 'directory_provider'>): string {
  return directory.name.trim() || findProvider(directory.directory_provider).name;
}
