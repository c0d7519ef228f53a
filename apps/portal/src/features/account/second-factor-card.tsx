import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { dashboardSessionQuery, useDashboardSession } from '../../shared/dashboard-api/dashboard-session';
import { useConfirmed } from '../../shared/dashboard-api/use-confirmed';
import { formatCount } from '../../shared/format/format-count';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { beginTotp, removeTotp, renewRecoveryCodes } from './account-api';
import { RecoveryCodesDialog } from './recovery-codes-dialog';
import { TotpDialog } from './totp-dialog';
import styles from './account.module.css';

/** Fewer than this are worth a word. */
const FEW_CODES = 3;

/** An authenticator app beside the password, and the codes for when it is lost. */
export function SecondFactorCard() {
  const { second_factor: factor } = useDashboardSession();
  const [codes, setCodes] = useState<string[] | null>(null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const readAnew = () => void client.invalidateQueries({ queryKey: dashboardSessionQuery.queryKey });
  const begin = useConfirmed({ mutationFn: beginTotp });
  const remove = useConfirmed({
    mutationFn: removeTotp,
    onSuccess: () => {
      announce('Authenticator app removed');
      readAnew();
    },
  });
  const renew = useConfirmed({
    mutationFn: renewRecoveryCodes,
    onSuccess: ({ recovery_codes: next }) => {
      setCodes(next);
      readAnew();
    },
  });
  const error = begin.error ?? remove.error ?? renew.error;
  const hasFactor = factor.totp || factor.passkeys > 0;
  return (
    <Card
      title="Authenticator app"
      lead="A code from an app on your telephone, asked for after the password."
      actions={<Badge tone={factor.totp ? 'good' : 'neutral'}>{factor.totp ? 'On' : 'Off'}</Badge>}
    >
      <div className={styles.form}>
        {hasFactor && factor.recovery_codes_left < FEW_CODES && (
          <Notice tone="waiting" title={`${formatCount(factor.recovery_codes_left, 'recovery code')} left`}>
            Without one, who loses the app cannot come in. Make new ones, and store them somewhere else.
          </Notice>
        )}
        {error && <ErrorNotice error={error} />}
        <div className={styles.actions}>
          {factor.totp ? (
            <Button busy={remove.isPending} onClick={() => remove.mutate()}>
              Remove the app
            </Button>
          ) : (
            <Button tone="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
              Set up an app
            </Button>
          )}
          {hasFactor && (
            <Button busy={renew.isPending} onClick={() => renew.mutate()}>
              New recovery codes
            </Button>
          )}
          {hasFactor && factor.recovery_codes_left >= FEW_CODES && (
            <span className={styles.hint}>{formatCount(factor.recovery_codes_left, 'recovery code')} left</span>
          )}
        </div>
      </div>
      {begin.question}
      {remove.question}
      {renew.question}
      {begin.data && !codes && (
        <TotpDialog
          begun={begin.data}
          onDone={(recoveryCodes) => {
            begin.reset();
            setCodes(recoveryCodes);
            readAnew();
          }}
          onClose={begin.reset}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Card>
  );
}
