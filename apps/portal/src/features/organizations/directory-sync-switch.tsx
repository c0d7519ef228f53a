import { useId, useState } from 'react';
import type { Organization } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { ErrorNotice } from '../../shared/ui/notice';
import { Switch } from '../../shared/ui/switch';
import { hasDirectorySync, organizationQuery, ORGANIZATIONS_KEY, setDirectorySync } from './organization-queries';
import styles from './organizations.module.css';

/** The gate of Directory Sync for one organization. Switching it off asks first, because it cuts off whoever is connected. */
export function DirectorySyncSwitch({ organization, canWrite }: { organization: Organization; canWrite: boolean }) {
  const id = useId();
  const [isAsking, setIsAsking] = useState(false);
  const isOn = hasDirectorySync(organization);
  const client = useQueryClient();
  const announce = useAnnounce();
  const change = useMutation({
    mutationFn: (enabled: boolean) => setDirectorySync(organization.id, enabled),
    onSuccess: (_answer, enabled) => {
      setIsAsking(false);
      const { queryKey } = organizationQuery(organization.id);
      client.setQueryData(queryKey, (present) => present && withDirectorySync(present, enabled));
      announce(`Directory Sync is ${enabled ? 'on' : 'off'}`);
      void client.invalidateQueries({ queryKey, exact: true });
      void client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY });
      void client.invalidateQueries({ queryKey: ['directories', organization.id] });
    },
  });
  return (
    <section className={styles.sync} aria-labelledby={id}>
      <div className={styles.syncWords}>
        <h2 id={id} className={styles.syncTitle}>
          Directory Sync
        </h2>
        <p className={styles.hint}>
          {isOn
            ? 'The organization’s administrator can connect an identity provider, and its users and groups are kept in sync.'
            : 'Off: every request of an identity provider is refused, and the portal says whom to ask. Nothing that is set up is lost.'}
        </p>
        {change.isError && !isAsking && <ErrorNotice error={change.error} />}
      </div>
      <Switch
        labelledBy={id}
        isOn={isOn}
        busy={change.isPending}
        isDisabled={!canWrite}
        onChange={(enabled) => (enabled ? change.mutate(true) : setIsAsking(true))}
      />
      {isAsking && (
        <ConfirmDialog
          title="Switch Directory Sync off?"
          confirmLabel="Switch off"
          tone="danger"
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(false)}
          onClose={() => setIsAsking(false)}
        >
          <p>
            Every request of this organization’s identity providers is refused from then on. Users and groups stay as
            they are, no event is sent, and switching it on again restores everything.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function withDirectorySync(organization: Organization, enabled: boolean): Organization {
  const features = organization.settings.features.map((feature) =>
    feature.name === 'dir_sync' ? { ...feature, enabled } : feature,
  );
  return { ...organization, settings: { features } };
}
