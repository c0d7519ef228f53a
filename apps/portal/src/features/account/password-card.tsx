import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { PasswordField } from '../../shared/ui/password-field';
import { changePassword, sessionsQuery } from './account-api';
import styles from './account.module.css';

/** A new password, which ends the member's other sessions. */
export function PasswordCard() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const client = useQueryClient();
  const announce = useAnnounce();
  const change = useMutation({
    mutationFn: () => changePassword({ current_password: current, new_password: next }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      announce('Password changed');
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) change.mutate();
  };
  return (
    <Card title="Password">
      <form className={styles.form} onSubmit={submit}>
        <PasswordField label="Current password" value={current} onChange={setCurrent} />
        <PasswordField label="New password" isNew value={next} onChange={setNext} />
        {change.isError && <ErrorNotice error={change.error} />}
        {change.isSuccess && <Notice title="Your password is changed">Your other sessions have ended.</Notice>}
        <div className={styles.actions}>
          <Button type="submit" busy={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
