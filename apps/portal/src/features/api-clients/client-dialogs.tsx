import { useState } from 'react';
import { MAX_OVERLAP_SECONDS } from '@rollcall/contract';
import type { ApiClient, ApiClientWithSecrets, ApiScope } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { DAY } from '../../shared/format/time-units';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { answerOf, api } from '../../shared/management-api/management-api';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ChoiceField, TextField, type Choice } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { RelativeTime } from '../../shared/ui/time';
import { CLIENTS_KEY } from './client-queries';

const SCOPES: readonly Choice<ApiScope>[] = [
  { value: 'read', label: 'Read', hint: 'It sees organizations, directories, people and events, and changes nothing.' },
  { value: 'write', label: 'Read and write', hint: 'It may do everything that the API offers.' },
];

/** `write` includes `read`. */
function broadest(scopes: readonly ApiScope[]): ApiScope {
  return scopes.includes('write') ? 'write' : 'read';
}

interface CreateClientDialogProps {
  onClose: () => void;
  /** With its secret and key, which nobody can show again. */
  onCreated: (created: ApiClientWithSecrets) => void;
}

export function CreateClientDialog({ onClose, onCreated }: CreateClientDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<ApiScope>('read');
  const [organization, setOrganization] = useState('');
  const create = useOneShot({
    mutationFn: () => {
      const id = organization.trim();
      const body = { name: name.trim(), scopes: [scope], ...(id !== '' && { organization_id: id }) };
      return answerOf(api.POST('/api/v1/api_clients', { body }));
    },
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: CLIENTS_KEY });
      onCreated(created);
    },
  });
  return (
    <ConfirmDialog
      title="Create API client"
      confirmLabel="Create"
      busy={create.isPending}
      error={create.error}
      blocked={name.trim() === ''}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="What it is, for you and the audit log: “Backend, production”."
        maxLength={200}
        autoComplete="off"
        value={name}
        onChange={setName}
      />
      <ChoiceField legend="What it may do" choices={SCOPES} value={scope} onChange={setScope} />
      <TextField
        label="Organization ID"
        placeholder="All organizations"
        hint="With one, it sees that organization and no other. It does not change later."
        autoComplete="off"
        spellCheck={false}
        value={organization}
        onChange={setOrganization}
      />
    </ConfirmDialog>
  );
}

interface ClientDialogProps {
  client: ApiClient;
  onClose: () => void;
}

export function EditClientDialog({ client, onClose }: ClientDialogProps) {
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [name, setName] = useState(client.name);
  const [scope, setScope] = useState(() => broadest(client.scopes));
  const save = useOneShot({
    mutationFn: () => {
      const params = { path: { client_id: client.client_id } };
      const body = { name: name.trim(), ...(scope !== broadest(client.scopes) && { scopes: [scope] }) };
      return answerOf(api.PATCH('/api/v1/api_clients/{client_id}', { params, body }));
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: CLIENTS_KEY });
      announce('API client saved');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title="Edit API client"
      confirmLabel="Save"
      busy={save.isPending}
      error={save.error}
      blocked={name.trim() === ''}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <TextField label="Name" maxLength={200} autoComplete="off" value={name} onChange={setName} />
      <ChoiceField legend="What it may do" choices={SCOPES} value={scope} onChange={setScope} />
    </ConfirmDialog>
  );
}

const OVERLAPS: readonly Choice<number>[] = [
  { value: DAY, label: 'For 24 hours', hint: 'Time to deploy the new ones.' },
  { value: MAX_OVERLAP_SECONDS, label: 'For 7 days' },
  { value: 0, label: 'Not at all', hint: 'When they may have leaked. They are refused at once.' },
];

export function RotateClientDialog({
  client,
  onClose,
  onRotated,
}: ClientDialogProps & { onRotated: (rotated: ApiClientWithSecrets) => void }) {
  const queries = useQueryClient();
  const [overlap, setOverlap] = useState(DAY);
  const rotate = useOneShot({
    mutationFn: () => {
      const params = { path: { client_id: client.client_id } };
      const body = { overlap_seconds: overlap };
      return answerOf(api.POST('/api/v1/api_clients/{client_id}/secret:rotate', { params, body }));
    },
    onSuccess: (rotated) => {
      void queries.invalidateQueries({ queryKey: CLIENTS_KEY });
      onRotated(rotated);
    },
  });
  return (
    <ConfirmDialog
      title="Rotate secret and key?"
      confirmLabel="Rotate"
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      <p>
        <ForeignText text={client.name} /> gets a new secret and a new key, shown once.
      </p>
      <ChoiceField
        legend="How long should the old ones go on?"
        choices={OVERLAPS}
        value={overlap}
        onChange={setOverlap}
      />
    </ConfirmDialog>
  );
}

export function RevokeClientDialog({ client, onClose }: ClientDialogProps) {
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [typed, setTyped] = useState('');
  const revoke = useOneShot({
    mutationFn: () => {
      const params = { path: { client_id: client.client_id } };
      return answerOf(api.DELETE('/api/v1/api_clients/{client_id}', { params }));
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: CLIENTS_KEY });
      announce('API client revoked');
      onClose();
    },
  });
  const { name, last_used_time: used } = client;
  return (
    <ConfirmDialog
      title="Revoke the API client?"
      confirmLabel="Revoke"
      tone="danger"
      busy={revoke.isPending}
      error={revoke.error}
      blocked={typed.trim() !== name.trim()}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        Its secrets, its keys and the access tokens that it has got end at once: every call that it makes is answered
        401. This cannot be undone.
      </p>
      <p>
        {used === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <RelativeTime time={used} />.
          </>
        )}
      </p>
      <TextField
        label={
          <>
            Type <ForeignText text={name.trim()} /> to confirm
          </>
        }
        autoComplete="off"
        value={typed}
        onChange={setTyped}
      />
    </ConfirmDialog>
  );
}
