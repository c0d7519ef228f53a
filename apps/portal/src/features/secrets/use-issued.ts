import type { IssuedDirectorySecret } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../../shared/api/queries';
import { useAnnounce } from '../../shared/ui/announcer';
import { useFreshSecrets } from './fresh-secrets';

/** What follows when a token was issued: it is kept to be copied, the directory is read anew, and it is said. */
export function useIssued(): (issued: IssuedDirectorySecret) => Promise<void> {
  const fresh = useFreshSecrets();
  const client = useQueryClient();
  const announce = useAnnounce();
  return async (issued) => {
    fresh.remember(issued);
    announce('A new bearer token is shown. Copy it now, it is shown only once.');
    const { queryKey } = directoryQuery(issued.secret.directory_id);
    await client.invalidateQueries({ queryKey, exact: true });
  };
}
