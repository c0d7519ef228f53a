import { withArticle } from '../../shared/format/with-article';
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
  const { configuration, existing } = question;
  const provider = findProvider(configuration.provider).name;
  return (
    <Dialog
      title={`You already have ${withArticle(provider)} directory`}
      onClose={dismiss}
      footer={
        <>
          <Button onClick={dismiss}>Cancel</Button>
          <Button busy={pending !== null} onClick={() => configure({ ...configuration, another: true })}>
            Add another
          </Button>
          <Button tone="primary" unavailable={pending !== null} onClick={() => onOpen(existing.id)}>
            Open it
          </Button>
        </>
      }
    >
      <p>
        It is called <strong>{existing.name}</strong>. Open it to see its endpoint URL and its tokens, and to generate a
        new token.
      </p>
      <p>Add another only for a second tenant of {provider}: it has an endpoint, tokens and users of its own.</p>
    </Dialog>
  );
}
