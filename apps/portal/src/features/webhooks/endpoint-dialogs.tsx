import { useState } from 'react';
import { MAX_OVERLAP_SECONDS } from '@rollcall/contract';
import type { WebhookEndpoint, WebhookEndpointWithSecret } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unavailableOf } from '../../shared/api/unavailable-of';
import { DAY } from '../../shared/format/time-units';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { answerOf, api } from '../../shared/management-api/management-api';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ChoiceField, TextField, type Choice } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { PartialNotice } from '../../shared/ui/partial-notice';
import { formatPending } from './describe-endpoint';
import { draftOf, EndpointFields, inputOf, NEW_ENDPOINT, whatIsMissing } from './endpoint-form';
import { endpointKey, endpointQuery } from './webhook-queries';
import styles from './webhooks.module.css';

interface CreateEndpointDialogProps {
  onClose: () => void;
  /** With the secret, which nobody can show again. */
  onCreated: (created: WebhookEndpointWithSecret) => void;
}

export function CreateEndpointDialog({ onClose, onCreated }: CreateEndpointDialogProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(NEW_ENDPOINT);
  const create = useOneShot({
    mutationFn: () => answerOf(api.POST('/api/v1/webhook_endpoints', { body: inputOf(draft) })),
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: ['webhooks'] });
      onCreated(created);
    },
  });
  const missing = whatIsMissing(draft);
  return (
    <ConfirmDialog
      title="Create webhook endpoint"
      confirmLabel="Create"
      busy={create.isPending}
      error={create.error}
      blocked={missing !== null}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <EndpointFields draft={draft} onChange={setDraft} />
      {missing !== null && draft.url !== '' && <p className={styles.missing}>{missing}</p>}
    </ConfirmDialog>
  );
}

interface EndpointDialogProps {
  endpoint: WebhookEndpoint;
  onClose: () => void;
}

/** Keeps what an action answered of the endpoint, and has the rest of it read anew. */
function useKeepEndpoint(endpointId: string) {
  const client = useQueryClient();
  return (endpoint?: WebhookEndpoint) => {
    if (endpoint) client.setQueryData(endpointQuery(endpointId).queryKey, endpoint);
    void client.invalidateQueries({ queryKey: endpointKey(endpointId) });
    void client.invalidateQueries({ queryKey: ['webhooks', 'list'] });
  };
}

export function EditEndpointDialog({ endpoint, onClose }: EndpointDialogProps) {
  const keep = useKeepEndpoint(endpoint.id);
  const announce = useAnnounce();
  const [draft, setDraft] = useState(() => draftOf(endpoint));
  const save = useOneShot({
    mutationFn: () => {
      const params = { path: { endpoint_id: endpoint.id } };
      return answerOf(api.PATCH('/api/v1/webhook_endpoints/{endpoint_id}', { params, body: inputOf(draft) }));
    },
    onSuccess: ({ webhook_endpoint }) => {
      keep(webhook_endpoint);
      announce('Endpoint saved');
      onClose();
    },
  });
  const missing = whatIsMissing(draft);
  return (
    <ConfirmDialog
      title="Edit webhook endpoint"
      confirmLabel="Save"
      busy={save.isPending}
      error={save.error}
      blocked={missing !== null}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <EndpointFields draft={draft} onChange={setDraft} />
      {missing !== null && <p className={styles.missing}>{missing}</p>}
    </ConfirmDialog>
  );
}

const OVERLAPS: readonly Choice<number>[] = [
  { value: DAY, label: 'For 24 hours', hint: 'Every event is signed with both. Time to deploy the new one.' },
  { value: MAX_OVERLAP_SECONDS, label: 'For 7 days' },
  { value: 0, label: 'Not at all', hint: 'When it may have leaked. Your app refuses events until it has the new one.' },
];

export function RotateSecretDialog({
  endpoint,
  onClose,
  onRotated,
}: EndpointDialogProps & { onRotated: (rotated: WebhookEndpointWithSecret) => void }) {
  const keep = useKeepEndpoint(endpoint.id);
  const [overlap, setOverlap] = useState(DAY);
  const rotate = useOneShot({
    mutationFn: () => {
      const params = { path: { endpoint_id: endpoint.id } };
      const body = { overlap_seconds: overlap };
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}/secret:rotate', { params, body }));
    },
    onSuccess: (rotated) => {
      keep(rotated.webhook_endpoint);
      onRotated(rotated);
    },
  });
  return (
    <ConfirmDialog
      title="Rotate the signing secret?"
      confirmLabel="Rotate"
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      <p>You get a new secret, shown once, for your app to verify events with.</p>
      <ChoiceField
        legend="How long should the old secret sign along?"
        choices={OVERLAPS}
        value={overlap}
        onChange={setOverlap}
      />
    </ConfirmDialog>
  );
}

export function EnableEndpointDialog({ endpoint, onClose }: EndpointDialogProps) {
  const keep = useKeepEndpoint(endpoint.id);
  const enabled = !endpoint.enabled;
  const change = useOneShot({
    mutationFn: () => {
      const params = { path: { endpoint_id: endpoint.id } };
      return answerOf(api.PATCH('/api/v1/webhook_endpoints/{endpoint_id}', { params, body: { enabled } }));
    },
    onSuccess: ({ webhook_endpoint }) => {
      keep(webhook_endpoint);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={enabled ? 'Enable the endpoint?' : 'Disable the endpoint?'}
      confirmLabel={enabled ? 'Enable' : 'Disable'}
      tone={enabled ? 'primary' : 'danger'}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {enabled ? (
        <p>
          {formatPending(endpoint.health.pending_deliveries)} deliveries have waited and go out now. Discard them first
          if your app shall not get them.
        </p>
      ) : (
        <p>Nothing is sent any more. Events wait, and go out when it is enabled again.</p>
      )}
    </ConfirmDialog>
  );
}

export function DiscardPendingDialog({ endpoint, onClose }: EndpointDialogProps) {
  const keep = useKeepEndpoint(endpoint.id);
  const announce = useAnnounce();
  // Not once only: what was left out may be discarded by another press, and twice is as good as once.
  const discard = useMutation({
    mutationFn: async () => {
      const params = { path: { endpoint_id: endpoint.id } };
      let canceled = 0;
      for (;;) {
        const answer = await answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}:discard_pending', { params }));
        canceled += answer.canceled;
        if (!answer.has_more) return { canceled, unavailable: unavailableOf(answer) };
      }
    },
    onSuccess: ({ canceled, unavailable }) => {
      keep();
      announce(`${canceled} deliveries discarded`);
      if (unavailable.length === 0) onClose();
    },
  });
  return (
    <ConfirmDialog
      title="Discard what waits?"
      confirmLabel="Discard"
      tone="danger"
      busy={discard.isPending}
      error={discard.error}
      onConfirm={() => discard.mutate()}
      onClose={onClose}
    >
      <p>
        {formatPending(endpoint.health.pending_deliveries)} deliveries wait for this endpoint. They are canceled and not
        sent, unless a replay asks for them. What is on its way at this moment may still arrive.
      </p>
      {discard.data && (
        <PartialNotice
          title="Nothing was discarded for some organizations"
          unavailable={discard.data.unavailable}
          onRetry={() => discard.mutate()}
        />
      )}
    </ConfirmDialog>
  );
}

export function DeleteEndpointDialog({
  endpoint,
  onClose,
  onDeleted,
}: EndpointDialogProps & { onDeleted: () => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const remove = useOneShot({
    mutationFn: () =>
      answerOf(
        api.DELETE('/api/v1/webhook_endpoints/{endpoint_id}', { params: { path: { endpoint_id: endpoint.id } } }),
      ),
    onSuccess: () => {
      onDeleted();
      client.removeQueries({ queryKey: endpointKey(endpoint.id) });
      void client.invalidateQueries({ queryKey: ['webhooks', 'list'] });
    },
  });
  const { host } = new URL(endpoint.url);
  return (
    <ConfirmDialog
      title="Delete the endpoint?"
      confirmLabel="Delete"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      blocked={typed.trim() !== host}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Its secrets end, what waits is never sent, and its deliveries and their answers cannot be looked at any more.
        Events stay readable.
      </p>
      <TextField
        label={
          <>
            Type <ForeignText text={host} /> to confirm
          </>
        }
        value={typed}
        autoComplete="off"
        onChange={setTyped}
      />
    </ConfirmDialog>
  );
}
