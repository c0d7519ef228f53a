import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useId, useState, type ReactNode } from 'react';
import type { Directory } from '@rollcall/sdk';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { Icon } from '../../shared/ui/icon';
import { Notice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { Tabs } from '../../shared/ui/tabs';
import { RelativeTime } from '../../shared/ui/time';
import { browserStore, readChecklist, writeChecklist } from './checklist';
import { Value, type GuideStep, type GuideValues, type GuideVariant, type ProviderGuide } from './guide';
import { useGuide } from './use-guide';
import styles from './setup-guide.module.css';

/** What the steps tell of a directory. */
type GuidedDirectory = Pick<
  Directory,
  'directory_endpoint' | 'directory_provider' | 'health' | 'id' | 'secrets' | 'setup'
>;

interface SetupGuideProps {
  directory: GuidedDirectory;
  /** The bearer token while it can still be read. */
  token: string | null;
  /** Called when it was copied from one of the steps. */
  onTokenCopied: () => void;
  /** Whether the organization's admin says what roles mean: then sending them is a step. */
  mayMapRoles: boolean;
}

/** The provider's own steps. Those that its requests show to be done are ticked by these, the others one by one. */
export function SetupGuide({ directory, token, onTokenCopied, mayMapRoles }: SetupGuideProps) {
  const { guide, hasFailed, load } = useGuide(directory.directory_provider);
  const { id, name: provider } = findProvider(directory.directory_provider);
  // Decided once: a guide that folded itself while somebody reads it would take the next steps away.
  const [startsOpen] = useState(!isSetUp(directory));
  const newest = directory.secrets.find((secret) => secret.status === 'ACTIVE');
  const values = {
    endpoint: directory.directory_endpoint,
    token,
    onTokenCopied,
    tokenSuffix: newest?.secret_suffix ?? null,
  };
  const title = id === 'CUSTOM' ? t`Set up your provider` : t`Set up ${provider}`;
  return (
    <Card
      title={title}
      lead={t`Steps that send something tick themselves when it arrives. Tick the others; only this browser remembers those.`}
    >
      <details className={styles.fold} open={startsOpen}>
        <summary className={styles.summary}>
          <Icon name="chevronRight" size={16} className={styles.chevron} />
          <Trans>Step-by-step instructions</Trans>
        </summary>
        {guide && (
          <GuideBody
            guide={mayMapRoles ? withoutRoleNotes(guide) : withoutRoleSteps(guide)}
            values={values}
            directory={directory}
          />
        )}
        {!guide && (hasFailed ? <FailedGuide onRetry={load} /> : <Skeleton width={3} />)}
      </details>
    </Card>
  );
}

function FailedGuide({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      role="alert"
      title={t`The steps could not be loaded`}
      actions={
        <Button icon="refresh" onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Trans>The endpoint URL and the token beside them are right all the same.</Trans>
    </Notice>
  );
}

/** Whether people arrive: then the steps have done their work. */
function isSetUp({ setup, health }: GuidedDirectory): boolean {
  return health.state === 'connected' && setup.first_user_time !== null;
}

function withoutRoleSteps(guide: ProviderGuide): ProviderGuide {
  const [first, ...others] = guide.variants;
  const shorten = (variant: GuideVariant) => ({ ...variant, steps: variant.steps.filter((step) => !step.isForRoles) });
  return { ...guide, variants: [shorten(first), ...others.map(shorten)] };
}

function withoutRoleNotes(guide: ProviderGuide): ProviderGuide {
  return { ...guide, notes: guide.notes.filter((note) => !note.isForRoles) };
}

interface GuideBodyProps {
  guide: ProviderGuide;
  values: GuideValues;
  directory: GuidedDirectory;
}

function GuideBody({ guide, values, directory }: GuideBodyProps) {
  const [chosen, setChosen] = useSearchParam('guide');
  const variant = guide.variants.find((candidate) => candidate.id === chosen) ?? guide.variants[0];
  const tabs = guide.variants.map(({ id, label }) => ({ id, label: i18n._(label) }));
  const checklist = useChecklist(directory);
  const content = <VariantBody key={variant.id} variant={variant} values={values} {...checklist} />;
  return (
    <div className={styles.body}>
      {guide.variants.length > 1 ? (
        <Tabs label={t`Ways to set it up`} tabs={tabs} selected={variant.id} onSelect={setChosen}>
          {content}
        </Tabs>
      ) : (
        content
      )}
      <section className={styles.notes} aria-label={t`Good to know`}>
        <h3>
          <Trans>Good to know</Trans>
        </h3>
        {guide.notes.map((note) => (
          <Note key={note.title.id} title={i18n._(note.title)}>
            {note.body}
          </Note>
        ))}
        <Note title={t`Test from a terminal`}>
          <p>
            <Trans>
              With the token in the variable TOKEN, this is what a connection test asks. The answer is 200 and a list.
              To Rollcall it is a request like those of your identity provider: it counts as use of the token.
            </Trans>
          </p>
          <Value
            label={t`test command`}
            value={`curl -sS -H "Authorization: Bearer $TOKEN" "${values.endpoint}/Users?startIndex=1&count=2"`}
          />
        </Note>
        {guide.documentation && (
          <p className={styles.source}>
            <a href={guide.documentation.url} hrefLang="en" target="_blank" rel="noreferrer">
              {i18n._(guide.documentation.title)}
            </a>
          </p>
        )}
      </section>
    </div>
  );
}

function Note({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={styles.note}>
      <summary>
        <Icon name="chevronRight" size={14} className={styles.chevron} />
        {title}
      </summary>
      <div className={styles.prose}>{children}</div>
    </details>
  );
}

interface Checklist {
  /** When the traffic of a step arrived; null: not yet, or the step has none. */
  arrivedAt: (step: GuideStep) => string | null;
  isTicked: (step: GuideStep) => boolean;
  onToggle: (stepId: string) => void;
}

interface VariantBodyProps extends Checklist {
  variant: GuideVariant;
  values: GuideValues;
}

function VariantBody({ variant, values, arrivedAt, isTicked, onToggle }: VariantBodyProps) {
  const all = variant.steps.length;
  const count = variant.steps.filter((step) => arrivedAt(step) !== null || isTicked(step)).length;
  return (
    <div className={styles.variant}>
      <p className={styles.intro}>{variant.intro}</p>
      <p className={styles.progress} data-testid="guide-progress">
        <progress value={count} max={all} aria-label={t`Steps done`} />
        <span>
          <Trans>
            {count} of {all} done
          </Trans>
        </span>
      </p>
      <ol className={styles.steps}>
        {variant.steps.map((step, index) => (
          <Step
            key={step.id}
            step={step}
            number={index + 1}
            values={values}
            arrivedAt={arrivedAt(step)}
            isTicked={isTicked(step)}
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
  arrivedAt: string | null;
  isTicked: boolean;
  onToggle: () => void;
}

function Step({ step, number, values, arrivedAt, isTicked, onToggle }: StepProps) {
  const id = useId();
  const isDone = arrivedAt !== null || isTicked;
  return (
    <li className={`${styles.step} ${isDone ? styles.done : ''}`}>
      <span className={styles.tick}>
        <input id={id} type="checkbox" checked={isDone} disabled={arrivedAt !== null} onChange={onToggle} />
        <span className={styles.sign} aria-hidden="true">
          {isDone ? <Icon name="check" size={16} /> : number}
        </span>
      </span>
      <div>
        <h3 className={styles.stepTitle}>
          <label htmlFor={id}>{i18n._(step.title)}</label>
        </h3>
        {arrivedAt !== null && (
          <p className={styles.arrived}>
            <Trans>
              Done: seen <RelativeTime time={arrivedAt} />.
            </Trans>
          </p>
        )}
        <div className={styles.prose}>{step.body(values)}</div>
      </div>
    </li>
  );
}

function useChecklist({ id: directoryId, setup }: GuidedDirectory): Checklist {
  const [done, setDone] = useState(() => readChecklist(browserStore, directoryId));
  const onToggle = (stepId: string) => {
    const next = new Set(done);
    if (!next.delete(stepId)) next.add(stepId);
    setDone(next);
    writeChecklist(browserStore, directoryId, next);
  };
  return {
    arrivedAt: ({ doneBy }) => (doneBy ? setup[doneBy] : null),
    isTicked: ({ id }) => done.has(id),
    onToggle,
  };
}
