import type { ReactNode } from 'react';
import type { DirectoryProvider } from '@rollcall/sdk';
import { findProvider } from './provider-catalogue';
import styles from './provider-mark.module.css';

/** Signs of our own, one per provider: they tell entries apart and imitate nobody's trademark. */
const GLYPHS: Record<DirectoryProvider, { tint: string | undefined; glyph: ReactNode }> = {
  OKTA: {
    tint: styles.okta,
    glyph: (
      <>
        <circle cx="12" cy="12" r="3" />
        <path d="M12 3.5v2.5M12 18v2.5M20.5 12H18M6 12H3.5M18 6l-1.7 1.7M7.7 16.3 6 18M18 18l-1.7-1.7M7.7 7.7 6 6" />
      </>
    ),
  },
  MICROSOFT_AD: {
    tint: styles.microsoftAd,
    glyph: <path d="M12 3.5 4 13l8 7.5 8-7.5-8-9.5ZM12 3.5v17M4 13l8-2.5 8 2.5" />,
  },
  ONELOGIN: {
    tint: styles.onelogin,
    glyph: (
      <>
        <circle cx="12" cy="12" r="8.5" />
        <path d="M10.3 9.5 12.3 8v8" />
      </>
    ),
  },
  JUMPCLOUD: {
    tint: styles.jumpcloud,
    glyph: (
      <path d="M7.5 18a4 4 0 0 1-.4-8 5.2 5.2 0 0 1 10-.6A4.3 4.3 0 0 1 16.5 18M12 20v-7M9.3 15.5 12 12.8l2.7 2.7" />
    ),
  },
  PING_IDENTITY: {
    tint: styles.pingIdentity,
    glyph: <path d="M7 17.5h.01M7 12a5.5 5.5 0 0 1 5.5 5.5M7 6.5a11 11 0 0 1 11 11" />,
  },
  RIPPLING: {
    tint: styles.rippling,
    glyph: (
      <path d="M4 8c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0M4 13c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0M4 18c2.7-2.5 5.3-2.5 8 0s5.3 2.5 8 0" />
    ),
  },
  CUSTOM: { tint: styles.custom, glyph: <path d="M8.5 6.5 3.5 12l5 5.5M15.5 6.5l5 5.5-5 5.5M13.5 4.5l-3 15" /> },
};

export function ProviderMark({ provider, size = 40 }: { provider: string; size?: 32 | 40 | 48 }) {
  const { tint, glyph } = GLYPHS[findProvider(provider).id];
  return (
    <span className={`${styles.mark} ${styles[`size${size}`] ?? ''} ${tint ?? ''}`} aria-hidden="true">
      <svg
        width={size * 0.56}
        height={size * 0.56}
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
