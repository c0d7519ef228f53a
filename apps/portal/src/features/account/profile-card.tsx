import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { dashboardSessionQuery, useDashboardSession } from '../../shared/dashboard-api/dashboard-session';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice } from '../../shared/ui/notice';
import { changeName } from './account-api';
import styles from './account.module.css';

/** How the member is called, here and in the audit log. */
export function ProfileCard() {
  const { member } = useDashboardSession();
  const [name, setName] = useState(member.name);
  const client = useQueryClient();
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: () => changeName(name.trim()),
    onSuccess: () => {
      announce('Name saved');
      void client.invalidateQueries({ queryKey: dashboardSessionQuery.queryKey });
    },
  });
  const isChanged = name.trim() !== member.name && name.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isChanged && !save.isPending) save.mutate();
  };
  return (
    <Card title="You">
      <form className={styles.form} onSubmit={submit}>
        <TextField label="Name" required value={name} maxLength={200} autoComplete="name" onChange={setName} />
        <TextField
          label="Email"
          type="email"
          readOnly
          value={member.email}
          hint="You sign in with it. It does not change."
          onChange={() => undefined}
        />
        {save.isError && <ErrorNotice error={save.error} />}
        <div className={styles.actions}>
          <Button type="submit" tone="primary" busy={save.isPending} unavailable={!isChanged}>
            Save name
          </Button>
        </div>
      </form>
    </Card>
  );
}
