import { t } from '@lingui/core/macro';
import type { Directory, DirectoryHealth, IssuedDirectorySecret } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { directoryQuery } from '../../shared/api/queries';
import { useAnnounce } from '../../shared/ui/announcer';
import { useFreshSecrets } from './fresh-secrets';

/**
 * What follows when a token was issued: it is kept to be copied and listed at once, what covers it is closed, it is said, and the
 * directory is read anew for what the issue did to the other tokens, however long that takes.
 */
export function useIssued(): (issued: IssuedDirectorySecret, close?: () => void) => void {
  const fresh = useFreshSecrets();
  const client = useQueryClient();
  const announce = useAnnounce();
  return (issued, close) => {
    const { queryKey } = directoryQuery(issued.secret.directory_id);
    client.setQueryData(queryKey, (directory) => directory && addSecret(directory, issued));
    // The page behind a dialog is inert: what it says while the dialog is open is not heard.
    flushSync(() => {
      fresh.remember(issued);
      close?.();
    });
    announce(t`A new bearer token is shown. Copy it now, it is shown only once.`);
    void client.invalidateQueries({ queryKey, exact: true });
  };
}

function addSecret(directory: Directory, { secret }: IssuedDirectorySecret): Directory {
  const others = directory.secrets.filter((other) => other.id !== secret.id);
  const status = directory.status === 'DRAFT' ? 'IN_PROGRESS' : directory.status;
  const health = others.length === 0 ? afterFirstToken(directory.health, secret.create_time) : directory.health;
  return { ...directory, status, health, secrets: [secret, ...others] };
}

/** What it lacked was a token: said only when it is read anew, that would be spoken over the token. */
function afterFirstToken(health: DirectoryHealth, since: string): DirectoryHealth {
  if (health.state !== 'no_active_token' || health.refused !== null) return health;
  return { ...health, state: 'waiting', reason: null, since };
}
