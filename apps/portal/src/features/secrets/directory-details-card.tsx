import type { Directory } from '@rollcall/sdk';
import { useMutation } from '@tanstack/react-query';
import { createSecret } from '../../shared/api/portal-api';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { CopyField } from '../../shared/ui/copy-field';
import { Icon } from '../../shared/ui/icon';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { useFreshSecrets } from './fresh-secrets';
import { isReachableFromCloud } from './is-reachable-from-cloud';
import { SecretList } from './secret-list';
import { useIssued } from './use-issued';
import styles from './directory-details-card.module.css';

/** The two values that the identity provider's administrator needs: the endpoint URL and the bearer token. */
export function DirectoryDetailsCard({ directory }: { directory: Directory }) {
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <Card number={1} title="Directory details" lead={`Paste these two values into ${provider}.`}>
      <div className={styles.stack}>
        <CopyField label="Endpoint URL" value={directory.directory_endpoint} testId="endpoint-url" />
        {!isReachableFromCloud(directory.directory_endpoint) && (
          <Notice tone="waiting" title="This address works on this network only">
            An identity provider in the cloud needs a public https address. Ask the vendor of the app for it.
          </Notice>
        )}
        <BearerToken directory={directory} />
      </div>
    </Card>
  );
}

function BearerToken({ directory }: { directory: Directory }) {
  const fresh = useFreshSecrets();
  const issued = fresh.find(directory.id);
  return (
    <div className={styles.token}>
      {issued && (
        <div className={styles.fresh} data-testid="fresh-token">
          <CopyField label="Bearer token" value={issued.plain_secret} testId="bearer-token" />
          <div className={styles.freshFooter}>
            <p className={styles.once}>
              <Icon name="lock" size={16} />
              Copy your bearer token now. You won’t be able to see it again.
            </p>
            <Button className={styles.done} onClick={() => fresh.forget(directory.id)}>
              I have copied it
            </Button>
          </div>
        </div>
      )}
      <div>
        <h3 className={styles.heading}>{issued ? 'Tokens of this directory' : 'Bearer token'}</h3>
      </div>
      {directory.secrets.some((secret) => secret.status === 'ACTIVE') ? null : <NoActiveToken directory={directory} />}
      {directory.secrets.length > 0 && <SecretList directory={directory} />}
    </div>
  );
}

function NoActiveToken({ directory }: { directory: Directory }) {
  const onIssued = useIssued();
  const generate = useMutation({ mutationFn: () => createSecret(directory.id), onSuccess: onIssued });
  return (
    <>
      <Notice
        tone="waiting"
        title="This directory has no active token"
        actions={
          <Button tone="primary" icon="key" busy={generate.isPending} onClick={() => generate.mutate()}>
            Generate token
          </Button>
        }
      >
        Without one, every request of the identity provider is refused.
      </Notice>
      {generate.isError && <ErrorNotice error={generate.error} />}
    </>
  );
}
