import { useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../shared/api/queries';
import { directoryTitle } from '../shared/format/directory-status';
import { useFreshSecrets } from '../features/secrets/fresh-secrets';
import { secretName } from '../features/secrets/secret-name';
import { SessionMenu } from '../features/session/session-menu';

/** The way out of the portal, which names the tokens that would be lost. */
export function LeaveMenu({ expireTime, onEnded }: { expireTime: string; onEnded: () => void }) {
  const { uncopied } = useFreshSecrets();
  const client = useQueryClient();
  const losses = uncopied.map(({ secret }) => {
    const directory = client.getQueryData(directoryQuery(secret.directory_id).queryKey);
    return `The token ${secretName(secret)}${directory ? ` of ${directoryTitle(directory)}` : ''} has not been copied.`;
  });
  return <SessionMenu expireTime={expireTime} losses={losses} onEnded={onEnded} />;
}
