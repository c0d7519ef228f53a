import { useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../../shared/api/queries';
import { directoryTitle } from '../../shared/format/directory-status';
import { useFreshSecrets } from './fresh-secrets';
import { secretName, secretNameOf } from './secret-name';

/** What the tokens are called that nobody has copied yet, after "the token": `ending in AbC4 of Okta`. */
export function useUncopiedNames(): string[] {
  const { uncopied } = useFreshSecrets();
  const client = useQueryClient();
  return uncopied.map(({ secret }) => {
    const directory = client.getQueryData(directoryQuery(secret.directory_id).queryKey);
    return directory ? secretNameOf(secret, directoryTitle(directory)) : secretName(secret);
  });
}
