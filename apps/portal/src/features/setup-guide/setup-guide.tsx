import { useId, useState } from 'react';
import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Card } from '../../shared/ui/card';
import { Icon } from '../../shared/ui/icon';
import { Tabs } from '../../shared/ui/tabs';
import { browserStore, readChecklist, writeChecklist } from './checklist';
import type { GuideStep, GuideValues, GuideVariant, ProviderGuide } from './guide';
import { findGuide } from './guides/find-guide';
import styles from './setup-guide.module.css';

interface SetupGuideProps {
  directory: Directory;
  /** The bearer token while it can still be read. */
  token: string | null;
  /** Called when it was copied from one of the steps. */
  onTokenCopied: () => void;
}

/** The provider's own steps, to be ticked one by one. A connected directory keeps them folded. */
export function SetupGuide({ directory, token, onTokenCopied }: SetupGuideProps) {
  const guide = findGuide(directory.directory_provider);
  const provider = findProvider(directory.directory_provider).name;
  const isConnected = directory.status === 'COMPLETED';
  // Decided once: a guide that folded itself while somebody reads it would take the next steps away.
  const [startsOpen] = useState(!isConnected);
  const newest = directory.secrets.find((secret) => secret.status === 'ACTIVE');
  const values = {
    endpoint: directory.directory_endpoint,
    token,
    onTokenCopied,
    tokenSuffix: newest?.secret_suffix ?? null,
  };
  const title = provider === 'Custom SCIM' ? 'Set up your provider' : `Set up ${provider}`;
  return (
    <Card title={title} lead="Tick what is done. Only this browser remembers it.">
      <details className={styles.fold} open={startsOpen}>
        <summary className={styles.summary}>
          <Icon name="chevronRight" size={16} className={styles.chevron} />
          Step-by-step instructions
        </summary>
        <GuideBody guide={guide} values={values} directoryId={directory.id} />
      </details>
    </Card>
  );
}

function GuideBody({ guide, values, directoryId }: { guide: ProviderGuide; values: GuideValues; directoryId: string }) {
  const [chosen, setChosen] = useSearchParam('guide');
  const variant = guide.variants.find((candidate) => candidate.id === chosen) ?? guide.variants[0];
  const checklist = useChecklist(directoryId);
  const content = <VariantBody key={variant.id} variant={variant} values={values} {...checklist} />;
  return (
    <div className={styles.body}>
      {guide.variants.length > 1 ? (
        <Tabs label="Ways to set it up" tabs={guide.variants} selected={variant.id} onSelect={setChosen}>
          {content}
        </Tabs>
      ) : (
        content
      )}
      {guide.notes.length > 0 && (
        <section className={styles.notes} aria-label="Good to know">
          <h3>Good to know</h3>
          {guide.notes.map((note) => (
            <details key={note.title} className={styles.note}>
              <summary>
                <Icon name="chevronRight" size={14} className={styles.chevron} />
                {note.title}
              </summary>
              <div className={styles.prose}>{note.body}</div>
            </details>
          ))}
        </section>
      )}
    </div>
  );
}

interface Checklist {
  done: ReadonlySet<string>;
  onToggle: (stepId: string) => void;
}

function VariantBody({ variant, values, done, onToggle }: Checklist & { variant: GuideVariant; values: GuideValues }) {
  const count = variant.steps.filter((step) => done.has(step.id)).length;
  return (
    <div className={styles.variant}>
      <p className={styles.intro}>{variant.intro}</p>
      <p className={styles.progress} data-testid="guide-progress">
        <progress value={count} max={variant.steps.length} aria-label="Steps done" />
        <span>
          {count} of {variant.steps.length} done
        </span>
      </p>
      <ol className={styles.steps}>
        {variant.steps.map((step, index) => (
          <Step
            key={step.id}
            step={step}
            number={index + 1}
            values={values}
            isDone={done.has(step.id)}
            onToggle={() => onToggle(step.id)}
          />
        ))}
      </ol>
    </div>
  );
}

interface StepProps {
  step: GuideStep;
  number: number;
  values: GuideValues;
  isDone: boolean;
  onToggle: () => void;
}

function Step({ step, number, values, isDone, onToggle }: StepProps) {
  const id = useId();
  return (
    <li className={`${styles.step} ${isDone ? styles.done : ''}`}>
      <span className={styles.tick}>
        <input id={id} type="checkbox" checked={isDone} onChange={onToggle} />
        <span className={styles.sign} aria-hidden="true">
          {isDone ? <Icon name="check" size={16} /> : number}
        </span>
      </span>
      <div>
        <h3 className={styles.stepTitle}>
          <label htmlFor={id}>{step.title}</label>
        </h3>
        <div className={styles.prose}>{step.body(values)}</div>
      </div>
    </li>
  );
}

function useChecklist(directoryId: string): Checklist {
  const [done, setDone] = useState(() => readChecklist(browserStore, directoryId));
  const onToggle = (stepId: string) => {
    const next = new Set(done);
    if (!next.delete(stepId)) next.add(stepId);
    setDone(next);
    writeChecklist(browserStore, directoryId, next);
  };
  return { done, onToggle };
}
