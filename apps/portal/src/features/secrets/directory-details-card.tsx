import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { theVendor } from '../../shared/branding/app-name';
import { createSecret } from '../../shared/api/portal-api';
import { liveSecrets } from '../../shared/format/secret-life';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { CopyField } from '../../shared/ui/copy-field';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { BearerToken } from './bearer-token';
import { isReachableFromCloud } from './is-reachable-from-cloud';
import { SecretList } from './secret-list';
import { UnseenNotice } from './unseen-notice';
import { useIssue } from './use-issue';
import styles from './directory-details-card.module.css';

const TICK_MS = 1_000;

/** The two values that the identity provider's administrator needs: the endpoint URL and the bearer token. */
export function DirectoryDetailsCard({ directory }: { directory: Directory }) {
  const provider = findProvider(directory.directory_provider).shortName;
  const vendor = theVendor();
  const hasToken = liveSecrets(directory.secrets, useNow(TICK_MS)).length > 0;
  return (
    <Card title={t`Directory details`} lead={t`Paste these two values into ${provider}.`}>
      <div className={styles.stack}>
        <CopyField label={t`Endpoint URL`} value={directory.directory_endpoint} testId="endpoint-url" />
        {!isReachableFromCloud(directory.directory_endpoint) && (
          <Notice tone="waiting" title={t`This address works on this network only`}>
            <Trans>An identity provider in the cloud needs a public https address. Ask {vendor} for it.</Trans>
          </Notice>
        )}
        <BearerToken directory={directory}>
          <UnseenNotice directory={directory} />
          {!hasToken && <NoActiveToken directory={directory} />}
          {directory.secrets.length > 0 && <SecretList directory={directory} />}
        </BearerToken>
      </div>
    </Card>
  );
}

function NoActiveToken({ directory }: { directory: Directory }) {
  const mayChange = useMayChange();
  const generate = useIssue(directory, { issue: () => createSecret(directory.id) });
  return (
    <>
      <Notice
        tone="waiting"
        title={t`This directory has no active token`}
        actions={
          mayChange && (
            <Button tone="primary" icon="key" busy={generate.isPending} onClick={() => generate.mutate()}>
              <Trans>Generate token</Trans>
            </Button>
          )
        }
      >
        <Trans>Without one, every request of the identity provider is refused.</Trans>
      </Notice>
      {generate.isError && <ErrorNotice error={generate.error} />}
    </>
  );
}
