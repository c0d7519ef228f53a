import { createContext, useContext, type ReactNode } from 'react';
import type { DirectorySetup } from '@rollcall/sdk';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { CopyButton } from '../../shared/ui/copy-button';
import { ForeignText } from '../../shared/ui/foreign-text';
import styles from './setup-guide.module.css';

/** The values of the directory that the steps tell where to paste. */
export interface GuideValues {
  endpoint: string;
  /** The bearer token while it can still be read, else null. */
  token: string | null;
  /** Called when it was copied. */
  onTokenCopied: () => void;
  /** The last characters of the newest active token, else null. */
  tokenSuffix: string | null;
}

export interface GuideStep {
  /** Stable: what was ticked is remembered by it. */
  id: string;
  title: string;
  /** The traffic that shows that it is done. */
  doneBy?: keyof DirectorySetup;
  /** About sending roles: shown where whoever reads it may say what they mean. */
  isForRoles?: true;
  body: (values: GuideValues) => ReactNode;
}

export interface GuideNote {
  title: string;
  /** A step says the same, where it is shown. */
  isForRoles?: true;
  body: ReactNode;
}

/** One way of setting the provider up, where it has several. */
export interface GuideVariant {
  id: string;
  label: string;
  intro: ReactNode;
  steps: readonly GuideStep[];
}

export interface ProviderGuide {
  variants: readonly [GuideVariant, ...GuideVariant[]];
  /** Where the provider says the same, in its own words. */
  documentation?: { title: string; url: string };
  /** What to know beside the steps. */
  notes: readonly GuideNote[];
}

/** The app in running text, by the name that its owner has given it. */
export function TheApp() {
  return <ForeignText text={theApp()} />;
}

/** Whom to ask about the app, in running text. */
export function TheVendor() {
  return <ForeignText text={theVendor()} />;
}

/** A word of the provider's own screens. */
export function Ui({ children }: { children: ReactNode }) {
  return <strong className={styles.ui}>{children}</strong>;
}

/** A way through the provider's menus. */
export function Path({ steps }: { steps: readonly string[] }) {
  return (
    <span className={styles.path}>
      {steps.map((step, index) => (
        <span key={step}>
          {index > 0 && (
            <>
              <span className="visually-hidden">, then </span>
              <span aria-hidden="true"> › </span>
            </>
          )}
          <Ui>{step}</Ui>
        </span>
      ))}
    </span>
  );
}

export function Code({ children }: { children: ReactNode }) {
  return <code className={styles.code}>{children}</code>;
}

/** The fields of a form of the provider, with what belongs into each. */
export function Fields({ children }: { children: ReactNode }) {
  return <dl className={styles.fields}>{children}</dl>;
}

const FieldName = createContext('');

export function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fieldRow}>
      <dt>{name}</dt>
      <dd>
        <FieldName value={name}>{children}</FieldName>
      </dd>
    </div>
  );
}

/** A value to paste: shown, with its copy button. */
export function Value({ label, value }: { label: string; value: string }) {
  return (
    <span className={styles.value}>
      <code>{value}</code>
      <CopyButton value={value} label={label} tone="quiet" />
    </span>
  );
}

export function EndpointValue({ values }: { values: GuideValues }) {
  return <Value label={useCopyLabel()} value={values.endpoint} />;
}

/** The bearer token to paste; once it cannot be read any more, which one it was. */
export function TokenValue({ values, prefix = '' }: { values: GuideValues; prefix?: string }) {
  const label = useCopyLabel();
  const before = prefix && (
    <>
      The word <Code>Bearer</Code>, a space, and the{' '}
    </>
  );
  if (values.token) {
    return (
      <span className={styles.value}>
        <span>{before ? <>{before}bearer token</> : 'The bearer token, as shown'}</span>
        <CopyButton value={`${prefix}${values.token}`} label={label} tone="quiet" onCopied={values.onTokenCopied} />
      </span>
    );
  }
  return (
    <>
      {before ? <>{before}bearer token you copied</> : 'The bearer token you copied'}
      {values.tokenSuffix && (
        <>
          {' '}
          (it ends in <Code>{values.tokenSuffix}</Code>)
        </>
      )}
    </>
  );
}

/** One value is pasted into several fields: its copy buttons are told apart by the field. */
function useCopyLabel(): string {
  return `value for ${useContext(FieldName)}`;
}
