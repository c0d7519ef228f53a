import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { decideHeld, type HoldAction } from '../../shared/api/held-api';
import { theApp } from '../../shared/branding/app-name';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';

interface DecisionDialogProps {
  directory: Pick<Directory, 'id' | 'directory_provider' | 'deprovisioning'>;
  /** Without users it is about everyone who is held. */
  decision: { action: HoldAction; userIds?: readonly string[] };
  onClose: () => void;
  onDone: () => void;
}

/** Says what releasing or discarding held changes does, and does it. */
export function DecisionDialog({ directory, decision, onClose, onDone }: DecisionDialogProps) {
  const { action, userIds } = decision;
  const client = useQueryClient();
  const announce = useAnnounce();
  const provider = findProvider(directory.directory_provider).shortName;
  const app = theApp();
  const decide = useOneShot({
    mutationFn: () => decideHeld(directory.id, action, userIds),
    onSuccess: () => {
      flushSync(onDone);
      announce(action === 'release' ? t`Held changes are being released.` : t`Access is being kept.`);
      void client.invalidateQueries({ queryKey: ['directory', directory.id] });
    },
  });
  return (
    <ConfirmDialog
      title={titleOf(action, userIds?.length ?? directory.deprovisioning.held_users)}
      confirmLabel={action === 'release' ? t`Release` : t`Keep access`}
      tone={action === 'release' ? 'danger' : 'primary'}
      busy={decide.isPending}
      error={decide.error}
      onConfirm={() => decide.mutate()}
      onClose={onClose}
    >
      {action === 'release' ? (
        <p>
          <Trans>
            Each deactivation and deletion is sent to {app}, and these people lose their access to it. This cannot be
            taken back here: {provider} would have to send them again.
          </Trans>
        </p>
      ) : (
        <p>
          <Trans>
            These people stay in {app} as they were, until {provider} changes them again. Correct it there, so that both
            agree. You can still release them later.
          </Trans>
        </p>
      )}
    </ConfirmDialog>
  );
}

function titleOf(action: HoldAction, people: number): string {
  if (action === 'release') {
    return plural(
      { count: people },
      { one: 'Release the changes of # person?', other: 'Release the changes of # people?' },
    );
  }
  return plural({ count: people }, { one: 'Keep the access of # person?', other: 'Keep the access of # people?' });
}
