import { Trans } from '@lingui/react/macro';
import { SecretFields, type SecretChoice } from './secret-fields';
import styles from './token-options.module.css';

/** Folded away, because most take what is preset: what the token will be like that Configure makes. */
export function TokenOptions({ value, onChange }: { value: SecretChoice; onChange: (value: SecretChoice) => void }) {
  return (
    <details className={styles.options}>
      <summary className={styles.summary}>
        <Trans>Token options</Trans>
      </summary>
      <div className={styles.fields}>
        <SecretFields value={value} onChange={onChange} />
      </div>
    </details>
  );
}
