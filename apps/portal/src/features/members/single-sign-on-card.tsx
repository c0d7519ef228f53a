import { useState, type FormEvent } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { callDashboard, type MemberRole } from '../../shared/dashboard-api/dashboard-api';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import { Switch } from '../../shared/ui/switch';
import { ValueField } from '../../shared/ui/value-field';
import { ROLES } from './members-api';
import styles from './single-sign-on-card.module.css';

/** How members sign in with an OpenID Connect provider; the client's secret is never read back. */
interface SingleSignOn {
  name: string;
  issuer: string;
  client_id: string;
  allowed_domains: string[];
  /** Of whoever comes for the first time; null: nobody joins without an invitation. */
  default_role: MemberRole | null;
  required: boolean;
}

const singleSignOnQuery = queryOptions({
  queryKey: ['single-sign-on'],
  queryFn: async ({ signal }): Promise<SingleSignOn | null> => {
    const answer = await callDashboard<{ single_sign_on: SingleSignOn | null }>('GET', '/single_sign_on', { signal });
    return answer.single_sign_on;
  },
});

const NONE: SingleSignOn = {
  name: '',
  issuer: '',
  client_id: '',
  allowed_domains: [],
  default_role: null,
  required: false,
};

const NEWCOMERS: readonly { value: MemberRole | 'nobody'; label: string }[] = [
  { value: 'nobody', label: 'None: nobody joins without an invitation' },
  ...ROLES,
];

/** Signing in with the owner's own identity provider (OpenID Connect). */
export function SingleSignOnCard() {
  const settings = useQuery(singleSignOnQuery);
  const [isBeginning, setIsBeginning] = useState(false);
  return (
    <Card title="Single sign-on" lead="Members sign in with your own identity provider, by OpenID Connect.">
      {settings.isPending && (
        <div role="status" aria-label="Loading the settings">
          <Skeleton width={2} />
        </div>
      )}
      {settings.isError && <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isSuccess &&
        (settings.data || isBeginning ? (
          <SettingsForm key={settings.data === null ? 'new' : 'stored'} stored={settings.data} />
        ) : (
          <Button onClick={() => setIsBeginning(true)}>Set up single sign-on</Button>
        ))}
    </Card>
  );
}

function secretHint(stored: SingleSignOn | null, isNeeded: boolean): string | undefined {
  if (stored === null) return undefined;
  if (isNeeded) return 'Another issuer or client ID takes its own secret.';
  return 'Stored, and not shown again. Leave it empty to keep it.';
}

function SettingsForm({ stored }: { stored: SingleSignOn | null }) {
  const [draft, setDraft] = useState(stored ?? NONE);
  const [domains, setDomains] = useState(draft.allowed_domains.join(', '));
  const [secret, setSecret] = useState('');
  const [isRemoving, setIsRemoving] = useState(false);
  const client = useQueryClient();
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: () => {
      const allowed_domains = domains.split(/[\s,]+/).filter(Boolean);
      const body = { ...draft, allowed_domains, ...(secret && { client_secret: secret }) };
      return callDashboard('PUT', '/single_sign_on', { body });
    },
    onSuccess: () => {
      announce('Single sign-on saved');
      void client.invalidateQueries({ queryKey: singleSignOnQuery.queryKey });
    },
  });
  const isSecretNeeded = stored?.issuer !== draft.issuer || stored.client_id !== draft.client_id;
  const set = (change: Partial<SingleSignOn>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <ValueField
        label="Redirect URI"
        value={`${location.origin}/dashboard/api/sign_in/sso/callback`}
        hint="Enter this where your identity provider asks for it."
      />
      <TextField
        label="Name on the button"
        required
        value={draft.name}
        maxLength={60}
        placeholder="Okta"
        onChange={(name) => set({ name })}
      />
      <TextField
        label="Issuer"
        type="url"
        required
        value={draft.issuer}
        maxLength={500}
        placeholder="https://example.okta.com"
        spellCheck={false}
        onChange={(issuer) => set({ issuer })}
      />
      <TextField
        label="Client ID"
        required
        value={draft.client_id}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        onChange={(client_id) => set({ client_id })}
      />
      <TextField
        label="Client secret"
        type="password"
        required={isSecretNeeded}
        value={secret}
        maxLength={1_000}
        autoComplete="off"
        hint={secretHint(stored, isSecretNeeded)}
        onChange={setSecret}
      />
      <TextField
        label="Allowed domains"
        required
        value={domains}
        maxLength={2_000}
        placeholder="example.com"
        hint="Separated by commas. Only verified addresses of these domains come in."
        onChange={setDomains}
      />
      <SelectField
        label="Role of whoever is new"
        choices={NEWCOMERS}
        value={draft.default_role ?? 'nobody'}
        onChange={(chosen) => set({ default_role: chosen === 'nobody' ? null : chosen })}
      />
      <div className={styles.required}>
        <div>
          <p id="sso-required" className={styles.label}>
            Refuse passwords
          </p>
          <p className={styles.hint}>Owners with a second factor can still use theirs, so that nobody is locked out.</p>
        </div>
        <Switch labelledBy="sso-required" isOn={draft.required} onChange={(required) => set({ required })} />
      </div>
      {save.isError && <ErrorNotice error={save.error} />}
      {save.isSuccess && <Notice title="Saved">Try it in a private window before you close this one.</Notice>}
      <div className={styles.actions}>
        <Button type="submit" tone="primary" busy={save.isPending}>
          Save
        </Button>
        {stored && <Button onClick={() => setIsRemoving(true)}>Remove…</Button>}
      </div>
      {isRemoving && <RemoveSingleSignOnDialog onClose={() => setIsRemoving(false)} />}
    </form>
  );
}

function RemoveSingleSignOnDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const remove = useMutation({
    mutationFn: () => callDashboard<void>('DELETE', '/single_sign_on'),
    onSuccess: () => {
      onClose();
      announce('Single sign-on removed');
      void client.invalidateQueries({ queryKey: singleSignOnQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      title="Remove single sign-on?"
      confirmLabel="Remove"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>Whoever signs in by it alone cannot come in any more, until an owner invites them with a password.</p>
    </ConfirmDialog>
  );
}
