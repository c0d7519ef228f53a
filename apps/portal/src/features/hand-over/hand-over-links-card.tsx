import { useState } from 'react';
import type { CreatedHandOver, Directory, HandOver } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StatusTone } from '../../shared/format/directory-status';
import { formatCount } from '../../shared/format/format-count';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { ValueField } from '../../shared/ui/value-field';
import { createHandOver, handOversQuery, revokeHandOver } from './hand-over-queries';
import styles from './hand-over-card.module.css';

const DAY = 86_400;
const TICK_MS = 5_000;

const LIFETIMES = [
  { value: DAY, label: '24 hours' },
  { value: 7 * DAY, label: '7 days' },
  { value: 30 * DAY, label: '30 days' },
] as const;

const STATES: Record<HandOver['state'], { label: string; tone: StatusTone }> = {
  NOT_OPENED: { label: 'Not opened', tone: 'neutral' },
  OPENED: { label: 'Opened', tone: 'waiting' },
  TOKEN_SHOWN: { label: 'Token shown', tone: 'waiting' },
  CONNECTED: { label: 'Connected', tone: 'good' },
  EXPIRED: { label: 'Expired', tone: 'neutral' },
  REVOKED: { label: 'Revoked', tone: 'neutral' },
};

/** Links with which a colleague sets the directory up without coming into the portal, and what has become of each. */
export function HandOverLinksCard({ directory: { id, directory_provider: provider } }: { directory: Directory }) {
  const mayChange = useMayChange();
  return (
    <Card
      title="Hand over by a link"
      lead={`Whoever administers ${findProvider(provider).shortName} opens it without the portal, and sees this directory alone: the endpoint URL, the steps, and a new token once.`}
    >
      <div className={styles.stack}>
        {mayChange && <NewHandOver directoryId={id} />}
        <HandOvers directoryId={id} />
      </div>
    </Card>
  );
}

function NewHandOver({ directoryId }: { directoryId: string }) {
  const [expiresIn, setExpiresIn] = useState<number>(7 * DAY);
  const [fresh, setFresh] = useState<CreatedHandOver>();
  const client = useQueryClient();
  const announce = useAnnounce();
  const create = useMutation({
    mutationFn: () => createHandOver(directoryId, expiresIn),
    onSuccess: (made) => {
      setFresh(made);
      announce('The hand-over link is shown. Copy it now, it is shown only once.');
      void client.invalidateQueries({ queryKey: handOversQuery(directoryId).queryKey });
    },
  });
  return (
    <>
      <div className={styles.line}>
        <SelectField label="It works for" choices={LIFETIMES} value={expiresIn} onChange={setExpiresIn} />
        <Button tone="primary" icon="link" busy={create.isPending} onClick={() => create.mutate()}>
          Create hand-over link
        </Button>
      </div>
      {create.isError && <ErrorNotice error={create.error} />}
      {fresh && (
        <div className={styles.fresh}>
          <ValueField
            label="Hand-over link"
            copyLabel="link"
            value={fresh.location}
            hint="Shown only once. Send it to one person: the token is shown to whoever asks for it first."
          />
        </div>
      )}
    </>
  );
}

function HandOvers({ directoryId }: { directoryId: string }) {
  const list = useQuery(handOversQuery(directoryId));
  if (list.data === undefined) {
    return list.error === null ? (
      <div role="status" aria-label="Loading the hand-over links">
        <Skeleton width={2} />
      </div>
    ) : (
      <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const { hand_overs: handOvers, total_size: total } = list.data;
  return (
    <>
      {list.error !== null && (
        <StaleNotice title="The list of links could not be refreshed" onRetry={() => void list.refetch()} />
      )}
      {handOvers.length === 0 ? (
        <p className={styles.hint}>No link was made yet.</p>
      ) : (
        <ul className={styles.rows} aria-label="Hand-over links">
          {handOvers.map((handOver) => (
            <HandOverRow key={handOver.id} handOver={handOver} />
          ))}
        </ul>
      )}
      {total > handOvers.length && (
        <p className={styles.hint}>And {formatCount(total - handOvers.length, 'older link')}.</p>
      )}
    </>
  );
}

function HandOverRow({ handOver }: { handOver: HandOver }) {
  const { state } = handOver;
  const mayChange = useMayChange();
  const { label, tone } = STATES[state];
  const hasExpired = Date.parse(handOver.expire_time) <= useNow(TICK_MS).getTime();
  const isOver = state === 'REVOKED' || hasExpired;
  return (
    <li className={styles.row}>
      <div className={styles.facts}>
        <Badge tone={tone}>{label}</Badge>
        <Moment word="made" time={handOver.create_time} />
        <Moment word="opened" time={handOver.opened_time} />
        <Moment word="token shown" time={handOver.token_shown_time} />
        <Moment word="connected" time={handOver.connected_time} />
        {state === 'REVOKED' ? (
          <Moment word="revoked" time={handOver.revoked_time} />
        ) : (
          <Moment word={isOver ? 'expired' : 'expires'} time={handOver.expire_time} />
        )}
      </div>
      {mayChange && !isOver && <RevokeButton handOver={handOver} />}
    </li>
  );
}

function Moment({ word, time }: { word: string; time: string | null }) {
  if (time === null) return null;
  return (
    <span>
      {word} <RelativeTime time={time} />
    </span>
  );
}

function RevokeButton({ handOver: { id, directory_id: directoryId } }: { handOver: HandOver }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useMutation({
    mutationFn: () => revokeHandOver(directoryId, id),
    onSuccess: () => {
      announce('Hand-over link revoked. A token that it has shown keeps working.');
      void client.invalidateQueries({ queryKey: handOversQuery(directoryId).queryKey });
    },
  });
  return (
    <>
      <Button tone="quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
        Revoke
      </Button>
      {revoke.isError && <ErrorNotice error={revoke.error} />}
    </>
  );
}
