import { useState } from 'react';
import type { Directory, HeldUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { heldQuery, type HoldAction } from '../../shared/api/held-api';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { formatCount, formatNumber } from '../../shared/format/format-count';
import { personTitle } from '../../shared/format/person-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Notice } from '../../shared/ui/notice';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { DecisionDialog } from './decision-dialog';
import { describeGuard } from './describe-guard';
import styles from './held.module.css';

const PAGE_SIZE = 50;

/** What a release does to a user. */
const KINDS: Record<HeldUser['kind'], string> = { DELETE: 'Delete', DEACTIVATE: 'Deactivate', UPDATE: 'Update' };

const STATES: Record<HeldUser['state'], { tone: 'waiting' | 'neutral'; label: string }> = {
  HELD: { tone: 'waiting', label: 'Held' },
  RELEASING: { tone: 'neutral', label: 'Being released' },
  DISCARDING: { tone: 'neutral', label: 'Being kept' },
  DISCARDED: { tone: 'neutral', label: 'Kept' },
};

interface HeldUsersProps {
  directory: Pick<Directory, 'id' | 'directory_provider' | 'deprovision_guard' | 'deprovisioning'>;
  /** What can be done while the guard is off, a sentence; the portal's by default. */
  howToSwitchOn?: string;
}

/** What the deprovision guard holds back: why, whom, and what can be done about it. */
export function HeldUsers({ directory, howToSwitchOn }: HeldUsersProps) {
  const mayChange = useMayChange();
  const [position, setPosition] = useListPosition();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<{ action: HoldAction; userIds?: readonly string[] } | null>(null);
  const list = { pageSize: PAGE_SIZE, pageToken: position.pageToken, query: '' };
  const held = useQuery(heldQuery(directory.id, list));
  const toggle = (userId: string) => {
    const next = new Set(selected);
    if (!next.delete(userId)) next.add(userId);
    setSelected(next);
  };
  return (
    <div className={styles.stack}>
      <GuardCard
        directory={directory}
        howToSwitchOn={howToSwitchOn ?? `Ask ${theVendor()} to switch it on.`}
        onDecide={(action) => setDecision({ action })}
      />
      <DecisionProgress directory={directory} />
      {selected.size > 0 && (
        <div className={styles.selection} role="group" aria-label="Selected people">
          <span>{formatCount(selected.size, 'person', 'people')} selected</span>
          <Button onClick={() => setDecision({ action: 'release', userIds: [...selected] })}>Release…</Button>
          <Button onClick={() => setDecision({ action: 'discard', userIds: [...selected] })}>Keep their access…</Button>
          <Button tone="quiet" onClick={() => setSelected(new Set())}>
            Select nobody
          </Button>
        </div>
      )}
      <PagedTable
        caption="Held changes"
        columns={heldColumns(selected, mayChange ? toggle : null)}
        query={held}
        rowsOf={(page) => page.held_users}
        rowKey={({ user }) => user.id}
        empty={{ title: 'Nothing is held back', text: `Deactivations and deletions reach ${theApp()} as they arrive.` }}
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
      {decision && (
        <DecisionDialog
          directory={directory}
          decision={decision}
          onClose={() => setDecision(null)}
          onDone={() => {
            setSelected(new Set());
            setDecision(null);
          }}
        />
      )}
    </div>
  );
}

interface GuardCardProps {
  directory: HeldUsersProps['directory'];
  howToSwitchOn: string;
  onDecide: (action: HoldAction) => void;
}

function GuardCard({ directory, howToSwitchOn, onDecide }: GuardCardProps) {
  const mayChange = useMayChange();
  const { deprovision_guard: guard, deprovisioning } = directory;
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <Card
      title="Protection against mass removal"
      lead={
        guard
          ? `Up to ${describeGuard(guard)} may be deactivated or deleted. Beyond that, the rest waits here until somebody decides.`
          : `It is off: every deactivation and deletion reaches ${theApp()} as it arrives. ${howToSwitchOn}`
      }
    >
      {deprovisioning.state === 'HELD' && (
        <div className={styles.stack}>
          <p>
            <strong>{formatCount(deprovisioning.held_users, 'person', 'people')}</strong> would lose access.{' '}
            {deprovisioning.held_since && (
              <>
                Held since <RelativeTime time={deprovisioning.held_since} />.
              </>
            )}{' '}
            Was that meant in {provider}? A wrong filter or an unassigned group looks the same.
          </p>
          {mayChange && (
            <div className={styles.buttons}>
              <Button onClick={() => onDecide('discard')}>It was a mistake: keep everybody…</Button>
              <Button tone="danger" onClick={() => onDecide('release')}>
                It was meant: release all…
              </Button>
            </div>
          )}
        </div>
      )}
    </Card>
  );
}

function DecisionProgress({ directory }: Pick<HeldUsersProps, 'directory'>) {
  const { job } = directory.deprovisioning;
  if (!job || job.state === 'finished') return null;
  return (
    <Notice role="status" title={job.action === 'release' ? 'Held changes are being released' : 'Access is being kept'}>
      {formatNumber(job.done)} of {formatNumber(job.total)} are done. You can leave this page meanwhile.
    </Notice>
  );
}

/** @param toggle selects a user, or no longer; null: the reader decides nothing */
function heldColumns(selected: ReadonlySet<string>, toggle: ((userId: string) => void) | null): Column<HeldUser>[] {
  return [
    {
      header: 'Name',
      isRowHeader: true,
      cell: ({ user, state }) => (
        <label className={styles.person}>
          {toggle && (
            <input
              type="checkbox"
              checked={selected.has(user.id)}
              disabled={state === 'RELEASING' || state === 'DISCARDING'}
              onChange={() => toggle(user.id)}
            />
          )}
          <span className={styles.lines}>
            <strong>
              <ForeignText text={personTitle(user)} />
            </strong>
            {user.email !== null && (
              <span className={styles.detail}>
                <ForeignText text={user.email} />
              </span>
            )}
          </span>
        </label>
      ),
    },
    { header: 'What is held', cell: ({ kind }) => KINDS[kind] },
    {
      header: 'State',
      cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>,
    },
    { header: 'Since', isWideOnly: true, cell: ({ held_time: time }) => <RelativeTime time={time} /> },
  ];
}
