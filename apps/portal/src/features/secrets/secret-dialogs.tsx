import { useState } from 'react';
import type { Directory, DirectorySecret } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createSecret, regenerateSecret, revokeSecret } from '../../shared/api/portal-api';
import { directoryQuery } from '../../shared/api/queries';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ChoiceField, type Choice } from '../../shared/ui/field';
import { useIssued } from './use-issued';

interface SecretDialogProps {
  directory: Directory;
  onClose: () => void;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

const OVERLAPS: readonly Choice<number>[] = [
  { value: DAY, label: 'For 24 hours', hint: 'Time to paste the new token without an interruption.' },
  { value: 7 * DAY, label: 'For 7 days', hint: 'When somebody else has to paste it.' },
  { value: 0, label: 'Not at all', hint: 'When the token may have leaked. Syncing stops until the new one is pasted.' },
];

/** 0 stands for a token that does not expire. */
const LIFETIMES: readonly Choice<number>[] = [
  { value: 0, label: 'Never', hint: 'It works until it is revoked or regenerated.' },
  { value: 365 * DAY, label: 'In one year' },
  { value: 90 * DAY, label: 'In 90 days' },
];

export function RegenerateSecretDialog({ directory, onClose }: SecretDialogProps) {
  const [overlapSeconds, setOverlapSeconds] = useState(DAY);
  const onIssued = useIssued();
  const regenerate = useMutation({
    mutationFn: () => regenerateSecret(directory.id, overlapSeconds),
    onSuccess: async (issued) => {
      await onIssued(issued);
      onClose();
    },
  });
  const others = directory.secrets.filter((secret) => secret.status === 'ACTIVE').length;
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <ConfirmDialog
      title="Regenerate the bearer token?"
      confirmLabel="Regenerate"
      busy={regenerate.isPending}
      error={regenerate.error}
      onConfirm={() => regenerate.mutate()}
      onClose={onClose}
    >
      <p>You get a new token, shown once, to paste into {provider}.</p>
      <ChoiceField
        legend={
          others > 1
            ? `How long should the ${others} active tokens keep working?`
            : 'How long should the old token keep working?'
        }
        choices={OVERLAPS}
        value={overlapSeconds}
        onChange={setOverlapSeconds}
      />
    </ConfirmDialog>
  );
}

export function AddSecretDialog({ directory, onClose }: SecretDialogProps) {
  const [lifetime, setLifetime] = useState(0);
  const onIssued = useIssued();
  const add = useMutation({
    mutationFn: () => createSecret(directory.id, lifetime === 0 ? undefined : lifetime),
    onSuccess: async (issued) => {
      await onIssued(issued);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title="Add another bearer token?"
      confirmLabel="Add token"
      busy={add.isPending}
      error={add.error}
      onConfirm={() => add.mutate()}
      onClose={onClose}
    >
      <p>The tokens you already have keep working.</p>
      <ChoiceField
        legend="When should the new token expire?"
        choices={LIFETIMES}
        value={lifetime}
        onChange={setLifetime}
      />
    </ConfirmDialog>
  );
}

export function RevokeSecretDialog({ directory, secret, onClose }: SecretDialogProps & { secret: DirectorySecret }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useMutation({
    mutationFn: () => revokeSecret(directory.id, secret.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: directoryQuery(directory.id).queryKey, exact: true });
      onClose();
      announce('Token revoked');
    },
  });
  const isLast = directory.secrets.filter((other) => other.status === 'ACTIVE').length === 1;
  return (
    <ConfirmDialog
      title={`Revoke the token ending in ${secret.secret_suffix}?`}
      confirmLabel="Revoke token"
      tone="danger"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>Whoever uses this token is refused at once. This cannot be undone.</p>
      {isLast && (
        <p>
          It is the only active token: {findProvider(directory.directory_provider).shortName} stops syncing until you
          generate a new one and paste it.
        </p>
      )}
    </ConfirmDialog>
  );
}
