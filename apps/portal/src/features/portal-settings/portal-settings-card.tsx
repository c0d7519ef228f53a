import { useState, type FormEvent } from 'react';
import type { PortalSettings } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAskBeforeUnload } from '../../shared/hooks/use-ask-before-unload';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { BrandingFields } from './branding-fields';
import { EmbeddingFields } from './embedding-fields';
import { PermissionFields } from './permission-fields';
import { draftOf, inputOf, isEdited, type SettingsDraft } from './settings-draft';
import { portalSettingsQuery, savePortalSettings } from './settings-queries';
import styles from './settings.module.css';

/** How the portal looks to organizations' admins, who may frame it, and what they may do in it. */
export function PortalSettingsCard() {
  const settings = useQuery(portalSettingsQuery);
  if (settings.data === undefined) {
    return (
      <Card title="Admin portal">
        {settings.error === null ? (
          <div role="status" aria-label="Loading the settings">
            <Skeleton width={3} />
          </div>
        ) : (
          <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />
        )}
      </Card>
    );
  }
  return (
    <>
      {settings.error !== null && (
        <StaleNotice title="These settings could not be refreshed" onRetry={() => void settings.refetch()} />
      )}
      <SettingsForm settings={settings.data} />
    </>
  );
}

function SettingsForm({ settings }: { settings: PortalSettings }) {
  const mayChange = useMayChange();
  const [draft, setDraft] = useState<SettingsDraft>();
  const shown = draft ?? draftOf(settings);
  const hasEdits = draft !== undefined && isEdited(draft, settings);
  useAskBeforeUnload(hasEdits);
  const client = useQueryClient();
  const announce = useAnnounce();
  const save = useMutation({
    mutationFn: (edited: SettingsDraft) => savePortalSettings(inputOf(edited)),
    onSuccess: (saved) => {
      client.setQueryData(portalSettingsQuery.queryKey, saved);
      setDraft(undefined);
      announce('Settings saved');
    },
  });
  const change = (part: Partial<SettingsDraft>) => setDraft({ ...shown, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending && hasEdits) save.mutate(shown);
  };
  const fields = { draft: shown, isReadOnly: !mayChange, onChange: change };
  return (
    <form className={styles.form} onSubmit={submit}>
      <BrandingFields {...fields} logoPath={settings.logo_url === shown.logoUrl.trim() ? settings.logo_path : null} />
      <EmbeddingFields {...fields} />
      <PermissionFields {...fields} />
      {mayChange && (
        <div className={styles.bar} data-edited={hasEdits || undefined}>
          {save.isError && <ErrorNotice error={save.error} />}
          <div className={styles.actions}>
            <Button type="submit" tone="primary" busy={save.isPending} unavailable={!hasEdits}>
              Save changes
            </Button>
            <Button
              unavailable={!hasEdits}
              onClick={() => {
                setDraft(undefined);
                save.reset();
              }}
            >
              Undo
            </Button>
            <span className={styles.hint} role="status">
              {hasEdits ? 'Not saved yet' : save.isSuccess ? 'Saved' : ''}
            </span>
          </div>
        </div>
      )}
    </form>
  );
}
