import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Directory, DirectoryHealth } from '@rollcall/sdk';
import { findProvider } from '../providers/provider-catalogue';
import { shownName } from './shown-name';

export type StatusTone = 'neutral' | 'waiting' | 'good' | 'bad';

export interface StatusDescription {
  tone: StatusTone;
  label: string;
}

const STATUS: Record<DirectoryHealth['state'], { tone: StatusTone; label: MessageDescriptor }> = {
  waiting: { tone: 'waiting', label: msg({ message: 'Waiting', context: 'directory' }) },
  connected: { tone: 'good', label: msg({ message: 'Connected', context: 'directory' }) },
  refused: { tone: 'bad', label: msg({ message: 'Refused', context: 'directory' }) },
  stalled: { tone: 'bad', label: msg({ message: 'Stalled', context: 'directory' }) },
  token_expiring: { tone: 'waiting', label: msg({ message: 'Token expiring', context: 'directory' }) },
  no_active_token: { tone: 'bad', label: msg({ message: 'No active token', context: 'directory' }) },
  disabled: { tone: 'bad', label: msg({ message: 'Disabled', context: 'directory' }) },
  feature_off: { tone: 'bad', label: msg({ message: 'Feature off', context: 'directory' }) },
};

/** The health of a directory in one or two words. */
export function describeStatus(state: DirectoryHealth['state']): StatusDescription {
  // A newer server may know a state that this page does not.
  const { tone, label } = STATUS[state] ?? {
    tone: 'neutral',
    label: msg({ message: 'Unknown', context: 'directory' }),
  };
  return { tone, label: i18n._(label) };
}

/** What a directory is called: its name, else its provider's. */
export function directoryTitle(directory: Pick<Directory, 'name' | 'directory_provider'>): string {
  return shownName(directory.name.trim(), findProvider(directory.directory_provider).name);
}
