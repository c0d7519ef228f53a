import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Directory, DirectorySecret } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { createSecret, regenerateSecret, revokeSecret } from '../../shared/api/portal-api';
import { directoryQuery } from '../../shared/api/queries';
import { liveSecrets } from '../../shared/format/secret-life';
import { DAY } from '../../shared/format/time-units';
import { useNow } from '../../shared/hooks/use-now';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ChoiceField, type Choice } from '../../shared/ui/field';
import { Notice } from '../../shared/ui/notice';
import { useFreshSecrets } from './fresh-secrets';
import { lifetimeOf } from './lifetime-choices';
import { DEFAULT_SECRET, SecretFields, toSecretInput } from './secret-fields';
import { secretName } from './secret-name';
import { useIssue } from './use-issue';

interface SecretDialogProps {
  directory: Directory;
  onClose: () => void;
}

const TICK_MS = 1_000;

type Overlap = 'seen' | 'day' | 'week' | 'none';

/** How long a token that is replaced goes on. */
const OVERLAPS: Record<Overlap, { overlap_seconds: number; retire_when_seen?: boolean }> = {
  seen: { overlap_seconds: 7 * DAY, retire_when_seen: true },
  day: { overlap_seconds: DAY },
  week: { overlap_seconds: 7 * DAY },
  none: { overlap_seconds: 0 },
};

function overlapChoices(provider: string): Choice<Overlap>[] {
  return [
    {
      value: 'seen',
      label: t`Until the new token is used`,
      hint: t`It ends once ${provider} has used only the new one for an hour, after 7 days at the latest.`,
    },
    { value: 'day', label: t`For 24 hours`, hint: t`Time to paste the new token without an interruption.` },
    { value: 'week', label: t`For 7 days`, hint: t`When somebody else has to paste it.` },
    { value: 'none', label: t`Not at all`, hint: t`When it may have leaked. It is refused at once.` },
  ];
}

/** Replaces one token by one like it; the others are left alone. */
export function RegenerateSecretDialog({
  directory,
  secret,
  onClose,
}: SecretDialogProps & { secret: DirectorySecret }) {
  const [overlap, setOverlap] = useState<Overlap>('seen');
  const provider = findProvider(directory.directory_provider).shortName;
  const [choice, setChoice] = useState({ name: secret.name ?? '', lifetime: lifetimeOf(secret) });
  const regenerate = useIssue(directory, {
    issue: () =>
      regenerateSecret(directory.id, {
        ...toSecretInput(choice),
        secret_id: secret.id,
        ...OVERLAPS[overlap],
      }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t`Regenerate the token ${{ token: secretName(secret) }}?`}
      confirmLabel={t`Regenerate`}
      busy={regenerate.isPending}
      error={regenerate.error}
      onConfirm={() => regenerate.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>
          You get a new token, shown once, to paste into {provider} in place of this one. Other tokens are not touched.
        </Trans>
      </p>
      <UncopiedNotice directory={directory} />
      <ChoiceField
        legend={t`How long should the old token keep working?`}
        choices={overlapChoices(provider)}
        value={overlap}
        onChange={setOverlap}
      />
      <SecretFields value={choice} presentLifetime={lifetimeOf(secret)} onChange={setChoice} />
    </ConfirmDialog>
  );
}

/** One more token beside those that there are. */
export function AddSecretDialog({ directory, onClose }: SecretDialogProps) {
  const [choice, setChoice] = useState(DEFAULT_SECRET);
  const add = useIssue(directory, {
    issue: () => createSecret(directory.id, toSecretInput(choice)),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t`Add another bearer token?`}
      confirmLabel={t`Add token`}
      busy={add.isPending}
      error={add.error}
      onConfirm={() => add.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>The tokens you already have keep working.</Trans>
      </p>
      <UncopiedNotice directory={directory} />
      <SecretFields value={choice} onChange={setChoice} />
    </ConfirmDialog>
  );
}

export function RevokeSecretDialog({ directory, secret, onClose }: SecretDialogProps & { secret: DirectorySecret }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useOneShot({
    mutationFn: () => revokeSecret(directory.id, secret.id),
    onSuccess: () => {
      const { queryKey } = directoryQuery(directory.id);
      client.setQueryData(queryKey, (current) => current && withRevoked(current, secret.id));
      flushSync(onClose);
      announce(t`Token revoked`);
      void client.invalidateQueries({ queryKey, exact: true });
    },
  });
  const provider = findProvider(directory.directory_provider).shortName;
  const isLast = liveSecrets(directory.secrets, useNow(TICK_MS)).every(({ id }) => id === secret.id);
  return (
    <ConfirmDialog
      title={t`Revoke the token ${{ token: secretName(secret) }}?`}
      confirmLabel={t`Revoke token`}
      tone="danger"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>Whoever uses this token is refused at once. This cannot be undone.</Trans>
      </p>
      {isLast && (
        <p>
          <Trans>
            It is the only active token: {provider} stops syncing until you generate a new one and paste it.
          </Trans>
        </p>
      )}
    </ConfirmDialog>
  );
}

function withRevoked(directory: Directory, secretId: string): Directory {
  const secrets = directory.secrets.map((secret) =>
    secret.id === secretId ? { ...secret, status: 'REVOKED' as const } : secret,
  );
  return { ...directory, secrets };
}

/** The page shows one token at a time: a new one takes the place of one that nobody has copied. */
function UncopiedNotice({ directory }: { directory: Directory }) {
  const { uncopied } = useFreshSecrets();
  const lost = uncopied.find(({ secret }) => secret.directory_id === directory.id);
  if (!lost) return null;
  return (
    <Notice tone="waiting" title={t`The token ${{ token: secretName(lost.secret) }} has not been copied`}>
      <Trans>It is shown on this page now, and never again once the new one is there.</Trans>
    </Notice>
  );
}
