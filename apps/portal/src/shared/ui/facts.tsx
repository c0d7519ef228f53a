import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useId, type ReactNode } from 'react';
import { escapeHidden } from '../format/mark-hidden';
import { CopyButton } from './copy-button';
import { ForeignText } from './foreign-text';
import styles from './facts.module.css';

interface Fact {
  label: string;
  /** A text is shown as one that somebody else wrote. */
  value: ReactNode;
}

interface FactsProps {
  title: string;
  facts: readonly Fact[];
  /** Where they stand right below the page's title. */
  isSection?: boolean;
}

/** Named values under a heading; nothing when there are none. */
export function Facts({ title, facts, isSection = false }: FactsProps) {
  const titleId = useId();
  const Heading = isSection ? 'h2' : 'h3';
  if (facts.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <Heading id={titleId} className={styles.heading}>
        {title}
      </Heading>
      <dl className={styles.facts}>
        {facts.map((fact) => (
          <div key={fact.label} className={styles.fact}>
            <dt>
              <ForeignText text={fact.label} />
            </dt>
            <dd>{typeof fact.value === 'string' ? <ForeignText text={fact.value} /> : fact.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface RawAttributesProps {
  value: Record<string, unknown> | null | undefined;
  /** Whether it is unfolded; without it, that is up to the reader alone. */
  isOpen?: boolean;
  onToggle?: (isOpen: boolean) => void;
}

/** The resource as the identity provider sent it, folded away until asked for. */
export function RawAttributes({ value, isOpen, onToggle }: RawAttributesProps) {
  if (!value) return null;
  const text = escapeHidden(JSON.stringify(value, null, 2));
  return (
    <details
      className={styles.raw}
      open={isOpen}
      data-beside={onToggle ? '' : undefined}
      onToggle={({ currentTarget }) => onToggle?.(currentTarget.open)}
    >
      <summary>
        <Trans>Raw attributes</Trans>
      </summary>
      <pre className={styles.json} data-testid="raw-attributes">
        {text}
      </pre>
      <CopyButton value={text} label={t`raw attributes`} className={styles.copy} />
    </details>
  );
}
