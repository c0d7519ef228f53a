import { useState } from 'react';
import { EVENT_TYPES, type EventType } from '@rollcall/contract';
import type { ApiPaths } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unavailableOf } from '../../shared/api/unavailable-of';
import { formatCount } from '../../shared/format/format-count';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { answerOf, api } from '../../shared/management-api/management-api';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { PartialNotice } from '../../shared/ui/partial-notice';
import { SelectField } from '../../shared/ui/select-field';
import { endpointKey } from './webhook-queries';

type ReplayAnswer =
  ApiPaths['/api/v1/webhook_endpoints/{endpoint_id}:replay']['post']['responses'][202]['content']['application/json'];

interface ReplayDraft {
  directoryId: string;
  fromTime: string;
  toTime: string;
  type: EventType | '';
  failedOnly: boolean;
}

interface ReplayDialogProps {
  endpointId: string;
  /** Only what has failed for good: "retry all failed". */
  failedOnly: boolean;
  onClose: () => void;
  onStarted: () => void;
}

/** Sends a range of stored events once more. What it would send is counted first. */
export function ReplayDialog({ endpointId, failedOnly, onClose, onStarted }: ReplayDialogProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<ReplayDraft>({ directoryId: '', fromTime: '', toTime: '', type: '', failedOnly });
  const ask = (dryRun: boolean) => {
    const params = { path: { endpoint_id: endpointId } };
    const body = { ...rangeOf(draft), dry_run: dryRun };
    return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}:replay', { params, body }));
  };
  const count = useMutation({ mutationFn: () => ask(true) });
  const start = useOneShot({
    mutationFn: () => ask(false),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: endpointKey(endpointId) });
      onStarted();
    },
  });
  const change = (next: ReplayDraft) => {
    count.reset();
    setDraft(next);
  };
  const counted = count.data && sumOf(count.data);
  return (
    <ConfirmDialog
      title={failedOnly ? 'Retry all failed deliveries' : 'Replay events'}
      confirmLabel={counted ? `Send ${formatCount(counted.total, 'event')}` : 'Send'}
      busy={start.isPending}
      error={start.error}
      blocked={!counted || counted.total === 0}
      onConfirm={() => start.mutate()}
      onClose={onClose}
    >
      <p>
        {failedOnly
          ? 'Events whose delivery was given up get one more attempt each.'
          : 'Events go out once more with their original bytes and the same id. Your app drops those that it has applied already.'}
      </p>
      <RangeFields draft={draft} onChange={change} />
      <div>
        <Button busy={count.isPending} onClick={() => count.mutate()}>
          Count first
        </Button>
      </div>
      {count.error && <ErrorNotice error={count.error} />}
      {counted && (
        <Notice role="status" title={`${formatCount(counted.total, 'event')} would be sent`}>
          {counted.events_expired && 'The range begins before what is kept: only what is left of it is sent. '}
          Nothing was sent yet.
        </Notice>
      )}
      {count.data && (
        <PartialNotice
          title="Nothing would be sent for some organizations"
          unavailable={unavailableOf(count.data)}
          onRetry={() => count.mutate()}
        />
      )}
    </ConfirmDialog>
  );
}

/** Of several databases each has a replay of its own. */
function sumOf({ replay, replays = [replay] }: ReplayAnswer): { total: number; events_expired: boolean } {
  return {
    total: replays.reduce((sum, { total }) => sum + total, 0),
    events_expired: replays.some(({ events_expired: isExpired }) => isExpired),
  };
}

function rangeOf({ directoryId, fromTime, toTime, type, failedOnly }: ReplayDraft) {
  return {
    ...(directoryId.trim() !== '' && { directory_id: directoryId.trim() }),
    ...(fromTime !== '' && { from_time: new Date(fromTime).toISOString() }),
    ...(toTime !== '' && { to_time: new Date(toTime).toISOString() }),
    ...(type !== '' && { types: [type] }),
    ...(failedOnly && { failed_only: true }),
  };
}

const TYPE_CHOICES: readonly { value: ReplayDraft['type']; label: string }[] = [
  { value: '', label: 'All that the endpoint gets' },
  ...EVENT_TYPES.map((type) => ({ value: type, label: type })),
];

function RangeFields({ draft, onChange }: { draft: ReplayDraft; onChange: (draft: ReplayDraft) => void }) {
  const set = (changes: Partial<ReplayDraft>) => onChange({ ...draft, ...changes });
  return (
    <>
      <TextField
        label="From"
        type="datetime-local"
        hint="Empty: from the oldest that is kept."
        value={draft.fromTime}
        onChange={(fromTime) => set({ fromTime })}
      />
      <TextField
        label="To"
        type="datetime-local"
        hint="Empty: until now."
        value={draft.toTime}
        onChange={(toTime) => set({ toTime })}
      />
      <TextField
        label="Directory ID"
        placeholder="All directories"
        spellCheck={false}
        autoComplete="off"
        value={draft.directoryId}
        onChange={(directoryId) => set({ directoryId })}
      />
      <SelectField label="Event type" choices={TYPE_CHOICES} value={draft.type} onChange={(type) => set({ type })} />
    </>
  );
}
