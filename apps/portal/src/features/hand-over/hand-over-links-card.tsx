import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useRef, useState, type ReactNode } from 'react';
import type { CreatedHandOver, Directory, HandOver } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { StatusTone } from '../../shared/format/directory-status';
import { DAY } from '../../shared/format/time-units';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useNow } from '../../shared/hooks/use-now';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { LogPages } from '../../shared/ui/log-pages';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { ValueField } from '../../shared/ui/value-field';
import { createHandOver, handOversKey, handOversQuery, revokeHandOver, type HandOverPage } from './hand-over-queries';
import styles from './hand-over-card.module.css';

const TICK_MS = 5_000;

/** The parameter of the address that says which page of the list is shown: without it the newest. */
const PAGE = 'hand_overs';

const LIFETIMES = [
  { value: DAY, label: msg`24 hours` },
  { value: 7 * DAY, label: msg`7 days` },
  { value: 30 * DAY, label: msg`30 days` },
] as const;

const STATES: Record<HandOver['state'], { label: MessageDescriptor; tone: StatusTone }> = {
  NOT_OPENED: { label: msg({ message: 'Not opened', context: 'hand-over link' }), tone: 'neutral' },
  OPENED: { label: msg({ message: 'Opened', context: 'hand-over link' }), tone: 'waiting' },
  TOKEN_SHOWN: { label: msg({ message: 'Token shown', context: 'hand-over link' }), tone: 'waiting' },
  CONNECTED: { label: msg({ message: 'Connected', context: 'hand-over link' }), tone: 'good' },
  EXPIRED: { label: msg({ message: 'Expired', context: 'hand-over link' }), tone: 'neutral' },
  REVOKED: { label: msg({ message: 'Revoked', context: 'hand-over link' }), tone: 'neutral' },
};

/** Links with which a colleague sets the directory up without coming into the portal, and what has become of each. */
export function HandOverLinksCard({ directory: { id, directory_provider: provider } }: { directory: Directory }) {
  const mayChange = useMayChange();
  return (
    <Card
      title={t`Hand over by a link`}
      lead={t`Whoever administers ${{ provider: findProvider(provider).shortName }} opens it without the portal, and sees this directory alone: the endpoint URL, the steps, and a new token once.`}
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
  const [page, setPage] = useSearchParam(PAGE);
  const client = useQueryClient();
  const announce = useAnnounce();
  const create = useMutation({
    mutationFn: () => createHandOver(directoryId, expiresIn),
    onSuccess: (made) => {
      setFresh(made);
      announce(t`The hand-over link is shown. Copy it now, it is shown only once.`);
      // Where the list has it.
      if (page !== null) setPage(null);
      void client.invalidateQueries({ queryKey: handOversKey(directoryId) });
    },
  });
  return (
    <>
      <div className={styles.line}>
        <SelectField
          label={t({ message: 'It works for', comment: 'Label of a list: 24 hours, 7 days, 30 days' })}
          choices={LIFETIMES.map(({ value, label }) => ({ value, label: i18n._(label) }))}
          value={expiresIn}
          onChange={setExpiresIn}
        />
        <Button tone="primary" icon="link" busy={create.isPending} onClick={() => create.mutate()}>
          <Trans>Create hand-over link</Trans>
        </Button>
      </div>
      {create.isError && <ErrorNotice error={create.error} />}
      {fresh && (
        <div className={styles.fresh}>
          <ValueField
            label={t`Hand-over link`}
            copyLabel={t`link`}
            value={fresh.location}
            hint={t`Shown only once. Send it to one person: the token is shown to whoever asks for it first.`}
          />
        </div>
      )}
    </>
  );
}

function HandOvers({ directoryId }: { directoryId: string }) {
  const [token, setToken] = useSearchParam(PAGE);
  const list = useQuery(handOversQuery(directoryId, token ?? ''));
  const top = useRef<HTMLDivElement>(null);
  const next = list.data?.next_page_token ?? '';
  const turn = (to: string | null) => {
    setToken(to);
    // The reader begins at the top of the page that comes.
    top.current?.scrollIntoView();
  };
  return (
    <div ref={top} className={styles.list}>
      <HandOverRows list={list} isNewest={token === null} />
      {(token !== null || next !== '') && (
        <LogPages
          caption={t`Hand-over links`}
          isNewest={token === null}
          next={list.isPlaceholderData ? '' : next}
          onTurn={turn}
        />
      )}
    </div>
  );
}

function HandOverRows({ list, isNewest }: { list: UseQueryResult<HandOverPage>; isNewest: boolean }) {
  if (list.data === undefined) {
    return list.error === null ? (
      <div role="status" aria-label={t`Loading the hand-over links`}>
        <Skeleton width={2} />
      </div>
    ) : (
      <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const { hand_overs: handOvers } = list.data;
  return (
    <>
      {list.error !== null && (
        <StaleNotice title={t`The list of links could not be refreshed`} onRetry={() => void list.refetch()} />
      )}
      {handOvers.length === 0 ? (
        <p className={styles.hint}>
          {isNewest ? <Trans>No link was made yet.</Trans> : <Trans>There are no older links.</Trans>}
        </p>
      ) : (
        <ul className={styles.rows} aria-label={t`Hand-over links`}>
          {handOvers.map((handOver) => (
            <HandOverRow key={handOver.id} handOver={handOver} />
          ))}
        </ul>
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
        <Badge tone={tone}>{i18n._(label)}</Badge>
        <Moment time={handOver.create_time} render={(ago) => <Trans>made {ago}</Trans>} />
        <Moment time={handOver.opened_time} render={(ago) => <Trans>opened {ago}</Trans>} />
        <Moment time={handOver.token_shown_time} render={(ago) => <Trans>token shown {ago}</Trans>} />
        <Moment time={handOver.connected_time} render={(ago) => <Trans>connected {ago}</Trans>} />
        {state === 'REVOKED' ? (
          <Moment time={handOver.revoked_time} render={(ago) => <Trans>revoked {ago}</Trans>} />
        ) : (
          <Moment
            time={handOver.expire_time}
            render={(ago) => (hasExpired ? <Trans>expired {ago}</Trans> : <Trans>expires {ago}</Trans>)}
          />
        )}
      </div>
      {mayChange && !isOver && <RevokeButton handOver={handOver} />}
    </li>
  );
}

interface MomentProps {
  time: string | null;
  /** What happened then: `made 3 minutes ago`. */
  render: (ago: ReactNode) => ReactNode;
}

function Moment({ time, render }: MomentProps) {
  if (time === null) return null;
  return <span>{render(<RelativeTime time={time} />)}</span>;
}

function RevokeButton({ handOver: { id, directory_id: directoryId } }: { handOver: HandOver }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useMutation({
    mutationFn: () => revokeHandOver(directoryId, id),
    onSuccess: () => {
      announce(t`Hand-over link revoked. A token that it has shown keeps working.`);
      void client.invalidateQueries({ queryKey: handOversKey(directoryId) });
    },
  });
  return (
    <>
      <Button tone="quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
        <Trans>Revoke</Trans>
      </Button>
      {revoke.isError && <ErrorNotice error={revoke.error} />}
    </>
  );
}
