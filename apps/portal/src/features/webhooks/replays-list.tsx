import type { ApiPaths } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { formatNumber } from '../../shared/format/format-count';
import { formatDateTime } from '../../shared/format/format-time';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { answerOf, api } from '../../shared/management-api/management-api';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { ErrorNotice } from '../../shared/ui/notice';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { endpointKey, PAGE_SIZE, replaysQuery } from './webhook-queries';
import styles from './webhooks.module.css';

type ReplayList =
  ApiPaths['/api/v1/webhook_endpoints/{endpoint_id}/replays']['get']['responses'][200]['content']['application/json'];
type Replay = ReplayList['replays'][number];

/** The replays to an endpoint with their progress. */
export function ReplaysList({ endpointId }: { endpointId: string }) {
  const [position, setPosition] = useListPosition();
  const replays = useQuery(replaysQuery(endpointId, position.pageToken));
  return (
    <PagedTable
      caption="Replays"
      columns={replayColumns(endpointId)}
      query={replays}
      rowsOf={(page) => page.replays}
      rowKey={(replay) => replay.id ?? replay.create_time}
      empty={{ title: 'No replays yet', text: 'A replay sends events once more, such as after your app was away.' }}
      pageSize={PAGE_SIZE}
      position={position}
      onMove={setPosition}
    />
  );
}

const STATES = {
  running: { tone: 'waiting', label: 'Running' },
  paused: { tone: 'neutral', label: 'Paused' },
  finished: { tone: 'good', label: 'Finished' },
  canceled: { tone: 'neutral', label: 'Canceled' },
  dry_run: { tone: 'neutral', label: 'Counted' },
} as const;

function replayColumns(endpointId: string): Column<Replay>[] {
  return [
    { header: 'Range', isRowHeader: true, cell: (replay) => <RangeCell replay={replay} /> },
    { header: 'State', isWideOnly: true, cell: ({ state }) => <ReplayBadge state={state} /> },
    { header: 'Progress', cell: (replay) => <ProgressCell replay={replay} /> },
    { header: 'Started', isWideOnly: true, cell: ({ create_time }) => <RelativeTime time={create_time} /> },
    { header: 'Actions', cell: (replay) => <ReplayActions endpointId={endpointId} replay={replay} /> },
  ];
}

function ReplayBadge({ state }: Pick<Replay, 'state'>) {
  const { tone, label } = STATES[state];
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}

function RangeCell({ replay }: { replay: Replay }) {
  const { directory_id: directory, types, failed_only: failedOnly, from_time: from, to_time: to } = replay;
  const parts = [
    failedOnly ? 'What had failed' : 'All events',
    types.length > 0 ? `of ${types.join(', ')}` : null,
    directory === null ? null : `of ${directory}`,
    from === null ? null : `from ${formatDateTime(from)}`,
    to === null ? null : `to ${formatDateTime(to)}`,
  ];
  return (
    <div className={styles.lines}>
      <span>{parts.filter((part) => part !== null).join(' ')}</span>
      <code className={styles.soft}>{replay.id}</code>
      <span className={styles.narrow}>
        <ReplayBadge state={replay.state} />
      </span>
    </div>
  );
}

function ProgressCell({ replay: { total, done, failed } }: { replay: Replay }) {
  return (
    <div className={styles.lines}>
      <progress
        className={styles.progress}
        value={done}
        max={Math.max(total, 1)}
        aria-label={`${formatNumber(done)} of ${formatNumber(total)} done`}
      />
      <span className={styles.soft}>
        {formatNumber(done)} of {formatNumber(total)}
        {failed > 0 && `, ${formatNumber(failed)} failed`}
      </span>
    </div>
  );
}

type Steering = 'pause' | 'resume' | 'cancel';

const LABELS: Record<Steering, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' };

function ReplayActions({ endpointId, replay }: { endpointId: string; replay: Replay }) {
  const canWrite = useMayChange();
  const client = useQueryClient();
  const steer = useMutation({
    mutationFn: (how: Steering) => steerReplay(endpointId, replay.id ?? '', how),
    onSettled: () => void client.invalidateQueries({ queryKey: endpointKey(endpointId) }),
  });
  const possible = stepsFrom(replay.state);
  if (!canWrite || possible.length === 0) return '–';
  return (
    <div className={styles.steps}>
      {possible.map((how) => (
        <Button
          key={how}
          busy={steer.isPending && steer.variables === how}
          unavailable={steer.isPending}
          aria-label={`${LABELS[how]} the replay ${replay.id ?? ''}`}
          onClick={() => steer.mutate(how)}
        >
          {LABELS[how]}
        </Button>
      ))}
      {steer.error && <ErrorNotice error={steer.error} />}
    </div>
  );
}

function stepsFrom(state: Replay['state']): Steering[] {
  if (state === 'running') return ['pause', 'cancel'];
  return state === 'paused' ? ['resume', 'cancel'] : [];
}

function steerReplay(endpointId: string, replayId: string, how: Steering) {
  const params = { path: { endpoint_id: endpointId, replay_id: replayId } };
  switch (how) {
    case 'pause':
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}/replays/{replay_id}:pause', { params }));
    case 'resume':
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}/replays/{replay_id}:resume', { params }));
    case 'cancel':
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}/replays/{replay_id}:cancel', { params }));
  }
}
