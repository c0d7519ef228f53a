import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import { Dialog } from '../../shared/ui/dialog';
import type { Configuring } from './use-configure';

interface ExistingDirectoryDialogProps {
  configuring: Configuring;
  onOpen: (directoryId: string) => void;
}

/** Asked before a second directory of the same provider is made, for most who come here want the first. */
export function ExistingDirectoryDialog({ configuring, onOpen }: ExistingDirectoryDialogProps) {
  const { question, pending, configure, dismiss } = configuring;
  if (!question) return null;
  const {
    configuration,
    existing: { id, name },
  } = question;
  const provider = findProvider(configuration.provider).name;
  return (
    <Dialog
      title={t`You already have a directory for ${provider}`}
      onClose={dismiss}
      footer={
        <>
          <Button onClick={dismiss}>
            <Trans>Cancel</Trans>
          </Button>
          <Button busy={pending !== null} onClick={() => configure({ ...configuration, another: true })}>
            <Trans context="directory">Add another</Trans>
          </Button>
          <Button tone="primary" unavailable={pending !== null} onClick={() => onOpen(id)}>
            <Trans context="directory">Open it</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Trans>
          It is called <strong>{name}</strong>. Open it to see its endpoint URL and its tokens, and to generate a new
          token.
        </Trans>
      </p>
      <p>
        <Trans>
          Add another only for a second tenant of {provider}: it has an endpoint, tokens and users of its own.
        </Trans>
      </p>
    </Dialog>
  );
}
