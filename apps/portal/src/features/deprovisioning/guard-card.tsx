import { useState, type FormEvent } from 'react';
import type { DirectoryDetail } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../../shared/api/queries';
import { HOUR, MINUTE } from '../../shared/format/time-units';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Switch } from '../../shared/ui/switch';
import { setGuard } from './set-guard';
import styles from './deprovisioning.module.css';

const WINDOWS = [
  { value: 15 * MINUTE, label: '15 minutes' },
  { value: HOUR, label: '1 hour' },
  { value: 6 * HOUR, label: '6 hours' },
  { value: 24 * HOUR, label: '24 hours' },
];

/** From where on mass deactivation and deletion is held. */
export function GuardCard({ directory }: { directory: DirectoryDetail }) {
  const mayChange = useMayChange();
  const { deprovision_guard: guard } = directory;
  const [isOn, setIsOn] = useState(guard !== null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: (next: DirectoryDetail['deprovision_guard']) => setGuard(directory, next),
    onSuccess: () => {
      announce('Deprovision guard saved');
      void client.invalidateQueries({ queryKey: directoryQuery(directory.id).queryKey });
    },
    onError: () => setIsOn(guard !== null),
  });
  const toggle = (next: boolean) => {
    setIsOn(next);
    if (!next && guard !== null) save.mutate(null);
  };
  return (
    <Card
      title="Settings of the protection"
      lead="Holds deactivations and deletions when an identity provider sends too many at once, by mistake or by a wrong filter."
    >
      <div className={styles.stack}>
        <div className={styles.head}>
          <span id="guard-on" className={styles.name}>
            Hold mass removals
          </span>
          <Switch labelledBy="guard-on" isOn={isOn} busy={save.isPending} isDisabled={!mayChange} onChange={toggle} />
        </div>
        {save.isError && <ErrorNotice error={save.error} />}
        {isOn && (
          <GuardForm
            key={JSON.stringify(guard)}
            guard={guard ?? directory.suggested_deprovision_guard}
            isStored={guard !== null}
            isDisabled={!mayChange}
            isSaving={save.isPending}
            onSave={save.mutate}
          />
        )}
      </div>
    </Card>
  );
}

interface GuardFormProps {
  guard: NonNullable<DirectoryDetail['deprovision_guard']>;
  isStored: boolean;
  isDisabled: boolean;
  isSaving: boolean;
  onSave: (guard: NonNullable<DirectoryDetail['deprovision_guard']>) => void;
}

function GuardForm({ guard, isStored, isDisabled, isSaving, onSave }: GuardFormProps) {
  const [users, setUsers] = useState(String(guard.max_users ?? ''));
  const [percent, setPercent] = useState(String(guard.max_percent ?? ''));
  const [seconds, setSeconds] = useState(guard.window_seconds);
  const windows = WINDOWS.some(({ value }) => value === seconds)
    ? WINDOWS
    : [...WINDOWS, { value: seconds, label: `${seconds} seconds` }];
  const next = {
    max_users: users.trim() === '' ? null : Number(users),
    max_percent: percent.trim() === '' ? null : Number(percent),
    window_seconds: seconds,
  };
  const isChanged = !isStored || JSON.stringify(next) !== JSON.stringify({ ...guard });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSaving) onSave(next);
  };
  return (
    <form className={styles.stack} onSubmit={submit}>
      {!isStored && <p className={styles.hint}>Suggested for the number of users that this directory has.</p>}
      <div className={styles.fields}>
        <TextField
          label="More users than"
          inputMode="numeric"
          pattern="[0-9]*"
          title="A whole number, or nothing"
          value={users}
          disabled={isDisabled}
          onChange={setUsers}
        />
        <TextField
          label="More per cent than"
          inputMode="decimal"
          pattern="[0-9]*([.][0-9]+)?"
          title="A number, or nothing"
          value={percent}
          disabled={isDisabled}
          onChange={setPercent}
        />
        <SelectField label="Within" choices={windows} value={seconds} disabled={isDisabled} onChange={setSeconds} />
      </div>
      <p className={styles.hint}>Whichever is reached first. An empty field is no limit.</p>
      {!isDisabled && (
        <div className={styles.actions}>
          <Button
            type="submit"
            tone="primary"
            busy={isSaving}
            unavailable={!isChanged || (next.max_users === null && next.max_percent === null)}
          >
            Save guard
          </Button>
        </div>
      )}
    </form>
  );
}
