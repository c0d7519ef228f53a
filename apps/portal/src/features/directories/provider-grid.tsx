import { Trans } from '@lingui/react/macro';
import { useId } from 'react';
import type { DirectoryProvider } from '@rollcall/sdk';
import { ProviderMark } from '../../shared/providers/provider-mark';
import { PROVIDERS, type ProviderEntry } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import styles from './provider-grid.module.css';

interface ProviderGridProps {
  /** The provider whose directory is being made. */
  pending: DirectoryProvider | null;
  onChoose: (provider: DirectoryProvider) => void;
}

/** The choice of a provider. */
export function ProviderGrid({ pending, onChoose }: ProviderGridProps) {
  return (
    <ul className={styles.grid}>
      {PROVIDERS.map((provider) => (
        <li key={provider.id} className={styles.item}>
          <ProviderCard provider={provider} pending={pending} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

function ProviderCard({ provider, pending, onChoose }: ProviderGridProps & { provider: ProviderEntry }) {
  const nameId = useId();
  return (
    <section className={styles.provider} aria-labelledby={nameId}>
      <ProviderMark provider={provider.id} />
      <div>
        <h3 id={nameId} className={styles.name}>
          {provider.name}
        </h3>
        <p className={styles.summary}>{provider.summary}</p>
      </div>
      <Button
        className={styles.configure}
        aria-describedby={nameId}
        busy={pending === provider.id}
        unavailable={pending !== null}
        onClick={() => onChoose(provider.id)}
      >
        <Trans>Configure</Trans>
      </Button>
    </section>
  );
}
