import type { CSSProperties } from 'react';
import { findProvider } from './provider-catalogue';
import type { ProviderEntry } from './provider-catalogue';
import styles from './provider-mark.module.css';

/** The sign of a provider. */
export function ProviderMark({ provider, size = 40 }: { provider: string; size?: 40 | 48 }) {
  const { colors, glyph } = findProvider(provider);
  return (
    <span className={`${styles.mark} ${styles[`size${size}`] ?? ''}`} style={colorVariables(colors)} aria-hidden="true">
      <svg
        width="56%"
        height="56%"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {glyph}
      </svg>
    </span>
  );
}

/** Set by script as custom properties, which the content security policy allows; the style sheet picks the pair that fits the page. */
function colorVariables({ light, dark }: ProviderEntry['colors']): CSSProperties {
  const variables: Record<`--${string}`, string> = {
    '--light-tint': light[0],
    '--light-shade': light[1],
    '--dark-tint': dark[0],
    '--dark-shade': dark[1],
  };
  return variables;
}
