import { useState, type FormEvent } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import type { CreatedPortalLink, Organization, PortalLink } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { formatCount } from '../../shared/format/format-count';
import { DAY, HOUR, MINUTE } from '../../shared/format/time-units';
import { useNow } from '../../shared/hooks/use-now';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice, StaleNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { ValueField } from '../../shared/ui/value-field';
import {
  createPortalLink,
  hasDirectorySync,
  portalLinksQuery,
  revokePortalLink,
  revokePortalLinks,
} from './organization-queries';
import styles from './organizations.module.css';

const LIFETIMES = [
  { value: MINUTE, label: '1 minute, to open it yourself' },
  { value: HOUR, label: '1 hour' },
  { value: DAY, label: '24 hours' },
  { value: 7 * DAY, label: '7 days' },
] as const;

/** The organization's administrator comes in by a link: making one, and those that are open. */
export function PortalAccessCard({ organization, canWrite }: { organization: Organization; canWrite: boolean }) {
  const [isRevokingAll, setIsRevokingAll] = useState(false);
  return (
    <Card
      title="Portal access"
      lead="A link opens the Admin Portal once, for six hours, for whoever has it. Send it to the person who looks after the organization’s identity provider."
      actions={canWrite && <Button onClick={() => setIsRevokingAll(true)}>Withdraw access…</Button>}
    >
      <div className={styles.form}>
        {canWrite && <NewLink organization={organization} />}
        <OpenLinks organizationId={organization.id} canWrite={canWrite} />
      </div>
      {isRevokingAll && <RevokeAllDialog organizationId={organization.id} onClose={() => setIsRevokingAll(false)} />}
    </Card>
  );
}

function NewLink({ organization }: { organization: Organization }) {
  const [expiresIn, setExpiresIn] = useState<number>(DAY);
  const [email, setEmail] = useState('');
  const [fresh, setFresh] = useState<CreatedPortalLink | null>(null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const create = useMutation({
    mutationFn: (to: string) => createPortalLink(organization.id, { expiresIn, email: to }),
    onSuccess: (link) => {
      setFresh(link);
      setEmail('');
      announce(
        link.email === null
          ? 'The portal link is shown. Copy it now, it is shown only once.'
          : `The link is on its way to ${link.email}`,
      );
      void client.invalidateQueries({ queryKey: portalLinksQuery(organization.id).queryKey });
    },
  });
  const isMailing = create.isPending && create.variables !== '';
  const mail = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(email.trim());
  };
  return (
    <>
      {!hasDirectorySync(organization) && (
        <Notice tone="waiting" title="Directory Sync is off">
          Whoever opens a link now is told to ask you to switch it on.
        </Notice>
      )}
      <div className={styles.line}>
        <SelectField label="To be opened within" choices={LIFETIMES} value={expiresIn} onChange={setExpiresIn} />
        <Button
          tone="primary"
          icon="link"
          busy={create.isPending && !isMailing}
          unavailable={isMailing}
          onClick={() => create.mutate('')}
        >
          Create portal link
        </Button>
      </div>
      <form className={styles.line} onSubmit={mail}>
        <TextField
          label="Or mail it to"
          type="email"
          required
          placeholder="admin@customer.example"
          value={email}
          maxLength={EMAIL_LENGTH_MAX}
          autoComplete="off"
          onChange={setEmail}
        />
        <Button type="submit" busy={isMailing} unavailable={create.isPending && !isMailing}>
          Send
        </Button>
      </form>
      {create.isError && <ErrorNotice error={create.error} />}
      {fresh && <FreshLink link={fresh} />}
    </>
  );
}

function FreshLink({ link }: { link: CreatedPortalLink }) {
  const isOver = useNow(1_000).getTime() >= Date.parse(link.expire_time);
  if (isOver) {
    return (
      <Notice tone="waiting" title="This link has expired" role="status">
        Create another one.
      </Notice>
    );
  }
  if (link.email !== null) {
    return (
      <Notice title={`On its way to ${link.email}`} role="status">
        When it is opened, a code is mailed to the same address: without it the link opens for nobody. It expires{' '}
        <RelativeTime time={link.expire_time} />.
      </Notice>
    );
  }
  return (
    <div className={styles.fresh}>
      <ValueField
        label="Portal link"
        copyLabel="link"
        value={link.location}
        hint={
          <>
            Shown only once. It works once, and expires <RelativeTime time={link.expire_time} />.
          </>
        }
      />
    </div>
  );
}

function OpenLinks({ organizationId, canWrite }: { organizationId: string; canWrite: boolean }) {
  const links = useQuery(portalLinksQuery(organizationId));
  if (links.data === undefined) {
    return links.error === null ? (
      <div role="status" aria-label="Loading the links">
        <Skeleton width={2} />
      </div>
    ) : (
      <ErrorNotice error={links.error} onRetry={() => void links.refetch()} />
    );
  }
  const { links: open, total_size: total } = links.data;
  return (
    <>
      {links.error !== null && (
        <StaleNotice title="The list of links could not be refreshed" onRetry={() => void links.refetch()} />
      )}
      {open.length === 0 ? (
        <p className={styles.hint}>No link waits to be opened.</p>
      ) : (
        <ul className={styles.rows} aria-label="Links that can still be opened">
          {open.map((link) => (
            <OpenLink key={link.id} link={link} organizationId={organizationId} canWrite={canWrite} />
          ))}
        </ul>
      )}
      {total > open.length && <p className={styles.hint}>And {formatCount(total - open.length, 'older link')}.</p>}
    </>
  );
}

function OpenLink({ link, organizationId, canWrite }: { link: PortalLink; organizationId: string; canWrite: boolean }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useMutation({
    mutationFn: () => revokePortalLink(organizationId, link.id),
    onSuccess: () => {
      announce('Link revoked');
      void client.invalidateQueries({ queryKey: portalLinksQuery(organizationId).queryKey });
    },
  });
  return (
    <li className={styles.row}>
      <span>
        {link.email !== null && (
          <>
            For <ForeignText text={link.email} />,{' '}
          </>
        )}
        made <RelativeTime time={link.create_time} />, expires <RelativeTime time={link.expire_time} />
      </span>
      {canWrite && (
        <Button tone="quiet" busy={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      )}
      {revoke.isError && <ErrorNotice error={revoke.error} />}
    </li>
  );
}

function RevokeAllDialog({ organizationId, onClose }: { organizationId: string; onClose: () => void }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const revoke = useMutation({
    mutationFn: () => revokePortalLinks(organizationId),
    onSuccess: () => {
      onClose();
      announce('Access to the portal withdrawn');
      void client.invalidateQueries({ queryKey: portalLinksQuery(organizationId).queryKey });
    },
  });
  return (
    <ConfirmDialog
      title="Withdraw access to the portal?"
      confirmLabel="Withdraw access"
      tone="danger"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>
        Every link that waits is revoked, and every session in which somebody has the portal open ends now. Directories
        and their tokens keep working.
      </p>
    </ConfirmDialog>
  );
}
