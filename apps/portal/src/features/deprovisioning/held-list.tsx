import { useState } from 'react';
import type { DirectoryDetail } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../../shared/api/queries';
import { formatCount } from '../../shared/format/format-count';
import { personTitle } from '../../shared/format/person-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Notice } from '../../shared/ui/notice';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { decideHeld, heldUsersQuery } from './held-queries';
import styles from './deprovisioning.module.css';

const PAGE_SIZE = 20;

type HeldPage = Awaited<ReturnType<ReturnType<typeof heldUsersQuery>['queryFn']>>;
type HeldUser = HeldPage['held_users'][number];

/** What is asked: of one user, or of everybody. */
interface Decision {
  action: 'release' | 'discard';
  user?: HeldUser;
}

const KINDS: Record<HeldUser['kind'], string> = {
  DEACTIVATE: 'Deactivation',
  DELETE: 'Deletion',
  UPDATE: 'Active again meanwhile',
};

const STATES: Record<HeldUser['state'], string> = {
  HELD: 'Held',
  RELEASING: 'Being released',
  DISCARDING: 'Being discarded',
  DISCARDED: 'Discarded',
};

/** Whose removal waits for a decision, and the decision. */
export function HeldList({ directory }: { directory: DirectoryDetail }) {
  const [position, setPosition] = useListPosition();
  const [decision, setDecision] = useState<Decision | null>(null);
  const held = useQuery(heldUsersQuery(directory, { pageToken: position.pageToken, pageSize: PAGE_SIZE }));
  const mayChange = useMayChange();
  const { job, held_users: waiting } = directory.deprovisioning;
  return (
    <div className={styles.stack}>
      <header className={styles.head}>
        <h2>Held changes</h2>
        {mayChange && waiting > 0 && (
          <div className={styles.actions}>
            <Button onClick={() => setDecision({ action: 'discard' })}>Discard all…</Button>
            <Button tone="danger" onClick={() => setDecision({ action: 'release' })}>
              Release all…
            </Button>
          </div>
        )}
      </header>
      {job && job.state !== 'finished' && (
        <Notice role="status" title={job.action === 'release' ? 'Being released' : 'Being discarded'}>
          {job.done} of {formatCount(job.total, 'user')} so far. You can leave this page.
        </Notice>
      )}
      <PagedTable
        caption="Held changes"
        columns={heldColumns(mayChange ? setDecision : null)}
        query={held}
        rowsOf={(page) => page.held_users}
        rowKey={({ user }) => user.id}
        empty={{
          title: 'Nothing is held',
          text: 'When more people are to be deactivated or deleted at once than the guard lets pass, they wait here until you decide.',
        }}
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
      {decision && <DecisionDialog directory={directory} decision={decision} onClose={() => setDecision(null)} />}
    </div>
  );
}

function heldColumns(onDecide: ((decision: Decision) => void) | null): Column<HeldUser>[] {
  const columns: Column<HeldUser>[] = [
    {
      header: 'Person',
      isRowHeader: true,
      cell: ({ user }) => (
        <span className={styles.person}>
          <span className={styles.name}>
            <ForeignText text={personTitle(user)} />
          </span>
          {user.email !== null && (
            <span className={styles.hint}>
              <ForeignText text={user.email} />
            </span>
          )}
        </span>
      ),
    },
    { header: 'What', cell: ({ kind }) => KINDS[kind] },
    {
      header: 'State',
      cell: ({ state }) => <Badge tone={state === 'HELD' ? 'waiting' : 'neutral'}>{STATES[state]}</Badge>,
    },
    { header: 'Since', isWideOnly: true, cell: ({ held_time: time }) => <RelativeTime time={time} /> },
  ];
  if (onDecide === null) return columns;
  const decide: Column<HeldUser> = {
    header: 'Decision',
    align: 'end',
    cell: (row) => (
      <span className={styles.decision}>
        {row.state === 'HELD' && (
          <Button
            tone="quiet"
            aria-label={`Discard for ${personTitle(row.user)}`}
            onClick={() => onDecide({ action: 'discard', user: row })}
          >
            Discard
          </Button>
        )}
        {(row.state === 'HELD' || row.state === 'DISCARDED') && (
          <Button
            tone="quiet"
            aria-label={`Release for ${personTitle(row.user)}`}
            onClick={() => onDecide({ action: 'release', user: row })}
          >
            Release
          </Button>
        )}
      </span>
    ),
  };
  return [...columns, decide];
}

function DecisionDialog({
  directory,
  decision: { action, user },
  onClose,
}: {
  directory: DirectoryDetail;
  decision: Decision;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const decide = useMutation({
    mutationFn: () => decideHeld(directory, { action, ...(user && { userIds: [user.user.id] }) }),
    onSuccess: () => {
      onClose();
      announce(action === 'release' ? 'The release has begun' : 'The discarding has begun');
      void client.invalidateQueries({ queryKey: directoryQuery(directory.id).queryKey });
    },
  });
  const whom = user ? personTitle(user.user) : formatCount(directory.deprovisioning.held_users, 'user');
  const isRelease = action === 'release';
  return (
    <ConfirmDialog
      title={isRelease ? `Release ${whom}?` : `Discard what is held for ${whom}?`}
      confirmLabel={isRelease ? 'Release' : 'Discard'}
      tone={isRelease ? 'danger' : 'primary'}
      busy={decide.isPending}
      error={decide.error}
      onConfirm={() => decide.mutate()}
      onClose={onClose}
    >
      {isRelease ? (
        <p>
          Your app receives the events now: it removes or deactivates these people as the identity provider asked. It
          cannot be called back.
        </p>
      ) : (
        <p>
          Your app keeps these people as they are. The identity provider still has them removed: its next change of a
          person counts again, and until then you can still release.
        </p>
      )}
    </ConfirmDialog>
  );
}
