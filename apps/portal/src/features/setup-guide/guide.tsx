import { i18n, type MessageDescriptor } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
  title: MessageDescriptor;
  /** The traffic that shows that it is done. */
  doneBy?: keyof DirectorySetup;
  /** About sending roles: shown where whoever reads it may say what they mean. */
  isForRoles?: true;
  body: (values: GuideValues) => ReactNode;
}

export interface GuideNote {
  title: MessageDescriptor;
  /** A step says the same, where it is shown. */
  isForRoles?: true;
  body: ReactNode;
}

/** One way of setting the provider up, where it has several. */
export interface GuideVariant {
  id: string;
  label: MessageDescriptor;
  intro: ReactNode;
  steps: readonly GuideStep[];
}

export interface ProviderGuide {
  variants: readonly [GuideVariant, ...GuideVariant[]];
  /** Where the provider says the same, in its own words. */
  documentation?: { title: MessageDescriptor; url: string };
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

/** A word of the provider's own screens, which is the same in every language. */
export function Ui({ children }: { children: ReactNode }) {
  return (
    <strong className={styles.ui} lang="en" translate="no">
      {children}
    </strong>
  );
}

/** A page of the directory beside the one that shows the guide. */
export function Tab({ children }: { children: ReactNode }) {
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
              <span className="visually-hidden">
                {t({ message: ', then ', comment: 'spoken between the steps of a way through menus' })}
              </span>
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

interface FieldProps {
  /** As the provider writes it, or a message where nobody knows how. */
  name: string | MessageDescriptor;
  children: ReactNode;
}

export function Field({ name, children }: FieldProps) {
  const isForeign = typeof name === 'string';
  const shown = isForeign ? name : i18n._(name);
  return (
    <div className={styles.fieldRow}>
      {isForeign ? (
        <dt lang="en" translate="no">
          {shown}
        </dt>
      ) : (
        <dt>{shown}</dt>
      )}
      <dd>
        <FieldName value={shown}>{children}</FieldName>
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

interface TokenValueProps {
  values: GuideValues;
  /** What stands before the token where the provider adds nothing to it. */
  prefix?: 'Bearer ';
}

/** The bearer token to paste; once it cannot be read any more, which one it was. */
export function TokenValue({ values, prefix }: TokenValueProps) {
  const label = useCopyLabel();
  const { token, tokenSuffix } = values;
  if (token) {
    return (
      <span className={styles.value}>
        <span>
          {prefix ? (
            <Trans>
              The word <Code>Bearer</Code>, a space, and the bearer token
            </Trans>
          ) : (
            <Trans>The bearer token, as shown</Trans>
          )}
        </span>
        <CopyButton value={`${prefix ?? ''}${token}`} label={label} tone="quiet" onCopied={values.onTokenCopied} />
      </span>
    );
  }
  if (!tokenSuffix) {
    return prefix ? (
      <Trans>
        The word <Code>Bearer</Code>, a space, and the bearer token you copied
      </Trans>
    ) : (
      <Trans>The bearer token you copied</Trans>
    );
  }
  return prefix ? (
    <Trans>
      The word <Code>Bearer</Code>, a space, and the bearer token you copied (it ends in <Code>{tokenSuffix}</Code>)
    </Trans>
  ) : (
    <Trans>
      The bearer token you copied (it ends in <Code>{tokenSuffix}</Code>)
    </Trans>
  );
}

/** One value is pasted into several fields: its copy buttons are told apart by the field. */
function useCopyLabel(): string {
  const field = useContext(FieldName);
  return t`value for ${field}`;
}
