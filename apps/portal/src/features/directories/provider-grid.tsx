import type { Directory, DirectoryProvider, IssuedDirectorySecret } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createDirectory, createSecret } from '../../shared/api/portal-api';
import { directoriesQuery, directoryQuery } from '../../shared/api/queries';
import { ProviderMark } from '../../shared/providers/provider-mark';
import { PROVIDERS } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import { ErrorNotice } from '../../shared/ui/notice';
import styles from './provider-grid.module.css';

export interface ConfiguredDirectory {
  directory: Directory;
  /** null when the directory was made but its token was not: the directory's page offers to generate one. */
  issued: IssuedDirectorySecret | null;
}

/** The choice of a provider. Configure makes the directory and its first bearer token. */
export function ProviderGrid({ onConfigured }: { onConfigured: (configured: ConfiguredDirectory) => void }) {
  const client = useQueryClient();
  const configure = useMutation({
    mutationFn: configureDirectory,
    onSuccess: (configured) => {
      client.setQueryData(directoryQuery(configured.directory.id).queryKey, configured.directory);
      void client.invalidateQueries({ queryKey: directoriesQuery.queryKey });
      onConfigured(configured);
    },
  });

  return (
    <>
      {configure.isError && <ErrorNotice error={configure.error} />}
      <ul className={styles.grid}>
        {PROVIDERS.map((provider) => (
          <li key={provider.id} className={styles.provider}>
            <ProviderMark provider={provider.id} />
            <div>
              <h3 className={styles.name}>{provider.name}</h3>
              <p className={styles.summary}>{provider.summary}</p>
            </div>
            <Button
              className={styles.configure}
              aria-label={`Configure ${provider.name}`}
              busy={configure.isPending && configure.variables === provider.id}
              unavailable={configure.isPending}
              onClick={() => configure.mutate(provider.id)}
            >
              Configure
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

async function configureDirectory(provider: DirectoryProvider): Promise<ConfiguredDirectory> {
  const directory = await createDirectory(provider);
  try {
    const issued = await createSecret(directory.id);
    const secrets = [issued.secret, ...directory.secrets];
    return { directory: { ...directory, secrets, status: 'IN_PROGRESS' }, issued };
  } catch {
    return { directory, issued: null };
  }
}
