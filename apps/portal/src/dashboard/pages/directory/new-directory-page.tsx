import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { isOutcomeUnknown } from '../../../shared/api/portal-error';
import { ErrorNotice } from '../../../shared/ui/notice';
import { PageIntro } from '../../../shared/ui/page-intro';
import { Trail } from '../../../shared/ui/trail';
import { ProviderGrid } from '../../../features/directories/provider-grid';
import { useConfigure } from '../../../features/directories/use-configure';
import { useFreshSecrets } from '../../../features/secrets/fresh-secrets';
import { DEFAULT_SECRET, toSecretInput } from '../../../features/secrets/secret-fields';
import { TokenOptions } from '../../../features/secrets/token-options';
import { useIssued } from '../../../features/secrets/use-issued';
import styles from '../pages.module.css';

/** A directory that the owner makes for the organization; it opens with its token to be copied. */
export function NewDirectoryPage() {
  const { organizationId = '' } = useParams();
  const navigate = useNavigate();
  const onIssued = useIssued();
  const [token, setToken] = useState(DEFAULT_SECRET);
  const { noteUnanswered } = useFreshSecrets();
  const above = `/organizations/${organizationId}`;
  const configuring = useConfigure(({ directory, issued, failure }) => {
    if (issued) onIssued(issued);
    if (isOutcomeUnknown(failure)) noteUnanswered(directory);
    void navigate(`${above}/directories/${directory.id}`);
  });
  return (
    <>
      <PageIntro
        trail={<Trail to={above} label="Organization" />}
        title="Add a directory"
        lead="Usually the organization’s administrator does this in the Admin Portal. Here you do it for them, and send them the two values."
      />
      <div className={styles.stack}>
        {configuring.error && <ErrorNotice error={configuring.error} />}
        <h2>Identity provider</h2>
        <TokenOptions value={token} onChange={setToken} />
        <ProviderGrid
          pending={configuring.pending}
          onChoose={(provider) => configuring.configure({ provider, token: toSecretInput(token), another: false })}
        />
      </div>
    </>
  );
}
