import { useState, type FormEvent } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import type { MailStatus } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unavailableOf } from '../../shared/api/unavailable-of';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { Table, type Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { describeMail } from './describe-mail';
import { mailStatusQuery, sendTestMail } from './settings-queries';
import styles from './settings.module.css';

/** How mails leave, whether they do, and what became of the last. */
export function MailCard({ ownEmail }: { ownEmail: string }) {
  const status = useQuery(mailStatusQuery);
  const mayChange = useMayChange();
  return (
    <Card
      title="Mail"
      lead="Portal links and their codes, invitations, and what IT contacts are told. The mail server is set by whoever operates this server."
    >
      {status.data === undefined ? (
        status.error === null ? (
          <div role="status" aria-label="Loading the state of mail">
            <Skeleton width={3} />
          </div>
        ) : (
          <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
        )
      ) : (
        <div className={styles.fields}>
          <Transport status={status.data} />
          {mayChange && status.data.transport !== 'none' && <TestMail ownEmail={ownEmail} />}
          {status.data.transport !== 'none' && (
            <LatestMails status={status.data} error={status.error} onRetry={() => void status.refetch()} />
          )}
        </div>
      )}
    </Card>
  );
}

function Transport({ status: { transport, from } }: { status: MailStatus }) {
  switch (transport) {
    case 'smtp':
      return (
        <p>
          Mails are sent from{' '}
          <strong>
            <ForeignText text={from ?? ''} />
          </strong>
          .
        </p>
      );
    case 'mailbox':
      return (
        <Notice tone="waiting" title="Mails are not sent">
          Without a mail server they are kept in the <a href="/dashboard/mailbox">development mailbox</a>, which only a
          browser on the server’s own machine can read. Set <code>SMTP_URL</code> and <code>MAIL_FROM</code> to send
          them.
        </Notice>
      );
    case 'none':
      return (
        <Notice tone="waiting" title="No mails are sent">
          Portal links are copied by hand until whoever operates this server sets <code>SMTP_URL</code> and{' '}
          <code>MAIL_FROM</code>.
        </Notice>
      );
  }
}

function TestMail({ ownEmail }: { ownEmail: string }) {
  const [email, setEmail] = useState(ownEmail);
  const client = useQueryClient();
  const announce = useAnnounce();
  const send = useMutation({
    mutationFn: () => sendTestMail(email.trim()),
    onSuccess: () => {
      announce('A test mail is on its way');
      void client.invalidateQueries({ queryKey: mailStatusQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!send.isPending && email.trim() !== '') send.mutate();
  };
  return (
    <form className={styles.line} onSubmit={submit}>
      <TextField label="Test mail to" type="email" value={email} maxLength={EMAIL_LENGTH_MAX} onChange={setEmail} />
      <Button type="submit" busy={send.isPending} unavailable={email.trim() === ''}>
        Send test mail
      </Button>
      {send.isError && <ErrorNotice error={send.error} />}
    </form>
  );
}

type MailRow = MailStatus['mails'][number];

const COLUMNS: readonly Column<MailRow>[] = [
  { header: 'Mail', cell: (mail) => describeMail(mail).what, isRowHeader: true },
  { header: 'State', cell: (mail) => describeMail(mail).state, isText: true },
  { header: 'Written', cell: (mail) => <RelativeTime time={mail.create_time} />, isWideOnly: true },
];

function LatestMails({ status, error, onRetry }: { status: MailStatus; error: unknown; onRetry: () => void }) {
  return (
    <Table
      caption="Latest mails"
      columns={COLUMNS}
      state={{
        kind: 'ready',
        rows: status.mails,
        isRefreshing: false,
        refreshError: error,
        unavailable: unavailableOf(status),
      }}
      rowKey={({ id }) => id}
      empty={{ title: 'No mail was written in the last seven days', text: null }}
      onRetry={onRetry}
    />
  );
}
