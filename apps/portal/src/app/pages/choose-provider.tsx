import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { isOutcomeUnknown } from '../../shared/api/portal-error';
import { ErrorNotice } from '../../shared/ui/notice';
import { ExistingDirectoryDialog } from '../../features/directories/existing-directory-dialog';
import { ProviderGrid } from '../../features/directories/provider-grid';
import { useConfigure } from '../../features/directories/use-configure';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { DEFAULT_SECRET, toSecretInput } from '../../features/secrets/secret-fields';
import { TokenOptions } from '../../features/secrets/token-options';
import { useIssued } from '../../features/secrets/use-issued';
import { loadConfiguration } from '../later-pages';
import styles from './pages.module.css';

/**
 * The choice of a provider; the directory made is opened, with its token to be copied. While it is not shown it still asks and
 * says what it has to: a list that is read meanwhile must not take a question or a failure away.
 */
export function ChooseProvider({ isShown = true }: { isShown?: boolean }) {
  const navigate = useNavigate();
  const onIssued = useIssued();
  const [token, setToken] = useState(DEFAULT_SECRET);
  const open = (directoryId: string) => void navigate(`/portal/directories/${directoryId}`);
  const { noteUnanswered } = useFreshSecrets();
  const configuring = useConfigure(({ directory, issued, failure }) => {
    if (issued) onIssued(issued);
    if (isOutcomeUnknown(failure)) noteUnanswered(directory);
    open(directory.id);
  }, loadConfiguration);
  return (
    <>
      {configuring.error && (
        <div className={styles.section}>
          <ErrorNotice error={configuring.error} />
        </div>
      )}
      {isShown && (
        <section className={styles.stack} aria-labelledby="choose-provider">
          <h2 id="choose-provider">
            <Trans>Select your directory provider</Trans>
          </h2>
          <TokenOptions value={token} onChange={setToken} />
          <ProviderGrid
            pending={configuring.pending}
            onChoose={(provider) => configuring.configure({ provider, token: toSecretInput(token), another: false })}
          />
        </section>
      )}
      <ExistingDirectoryDialog configuring={configuring} onOpen={open} />
    </>
  );
}
