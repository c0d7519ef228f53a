import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Directory, HeldUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { heldQuery, type HoldAction } from '../../shared/api/held-api';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { formatNumber } from '../../shared/format/format-count';
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
const KINDS: Record<HeldUser['kind'], MessageDescriptor> = {
  DELETE: msg({ message: 'Delete', context: 'held' }),
  DEACTIVATE: msg({ message: 'Deactivate', context: 'held' }),
  UPDATE: msg({ message: 'Update', context: 'held' }),
};

const STATES: Record<HeldUser['state'], { tone: 'waiting' | 'neutral'; label: MessageDescriptor }> = {
  HELD: { tone: 'waiting', label: msg({ message: 'Held', context: 'user' }) },
  RELEASING: { tone: 'neutral', label: msg`Being released` },
  DISCARDING: { tone: 'neutral', label: msg`Being kept` },
  DISCARDED: { tone: 'neutral', label: msg`Kept` },
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
        howToSwitchOn={howToSwitchOn ?? t`Ask ${{ vendor: theVendor() }} to switch it on.`}
        onDecide={(action) => setDecision({ action })}
      />
      <DecisionProgress directory={directory} />
      {selected.size > 0 && (
        <div className={styles.selection} role="group" aria-label={t`Selected people`}>
          <span>{plural({ count: selected.size }, { one: '# person selected', other: '# people selected' })}</span>
          <Button onClick={() => setDecision({ action: 'release', userIds: [...selected] })}>
            <Trans>Release…</Trans>
          </Button>
          <Button onClick={() => setDecision({ action: 'discard', userIds: [...selected] })}>
            <Trans>Keep their access…</Trans>
          </Button>
          <Button tone="quiet" onClick={() => setSelected(new Set())}>
            <Trans>Select nobody</Trans>
          </Button>
        </div>
      )}
      <PagedTable
        caption={t`Held changes`}
        columns={heldColumns(selected, mayChange ? toggle : null)}
        query={held}
        rowsOf={(page) => page.held_users}
        rowKey={({ user }) => user.id}
        empty={{
          title: t`Nothing is held back`,
          text: t`Deactivations and deletions reach ${{ app: theApp() }} as they arrive.`,
        }}
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
      title={t`Protection against mass removal`}
      lead={
        guard
          ? t`${{ guard: describeGuard(guard) }} Beyond that, the rest waits here until somebody decides.`
          : t`It is off: every deactivation and deletion reaches ${{ app: theApp() }} as it arrives. ${{ advice: howToSwitchOn }}`
      }
    >
      {deprovisioning.state === 'HELD' && (
        <div className={styles.stack}>
          <p>
            <strong>
              {plural(
                { count: deprovisioning.held_users },
                { one: '# person would lose access.', other: '# people would lose access.' },
              )}
            </strong>{' '}
            {deprovisioning.held_since && (
              <Trans>
                Held since <RelativeTime time={deprovisioning.held_since} />.
              </Trans>
            )}{' '}
            <Trans>Was that meant in {provider}? A wrong filter or an unassigned group looks the same.</Trans>
          </p>
          {mayChange && (
            <div className={styles.buttons}>
              <Button onClick={() => onDecide('discard')}>
                <Trans>It was a mistake: keep everybody…</Trans>
              </Button>
              <Button tone="danger" onClick={() => onDecide('release')}>
                <Trans>It was meant: release all…</Trans>
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
  const done = formatNumber(job.done);
  const total = formatNumber(job.total);
  return (
    <Notice
      role="status"
      title={job.action === 'release' ? t`Held changes are being released` : t`Access is being kept`}
    >
      <Trans>
        {done} of {total} are done. You can leave this page meanwhile.
      </Trans>
    </Notice>
  );
}

/** @param toggle selects a user, or no longer; null: the reader decides nothing */
function heldColumns(selected: ReadonlySet<string>, toggle: ((userId: string) => void) | null): Column<HeldUser>[] {
  return [
    {
      header: t`Name`,
      isRowHeader: true,
      cell: ({ user, kind, state }) => (
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
            <span className={`${styles.detail} ${styles.narrow}`}>{i18n._(KINDS[kind])}</span>
          </span>
        </label>
      ),
    },
    { header: t`What is held`, isWideOnly: true, cell: ({ kind }) => i18n._(KINDS[kind]) },
    {
      header: t`State`,
      cell: ({ state }) => <Badge tone={STATES[state].tone}>{i18n._(STATES[state].label)}</Badge>,
    },
    { header: t`Since`, isWideOnly: true, cell: ({ held_time: time }) => <RelativeTime time={time} /> },
  ];
}
