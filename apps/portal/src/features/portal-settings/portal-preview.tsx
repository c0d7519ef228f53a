import { accentTokens } from '../../shared/branding/apply-branding';
import { BrandMark } from '../../shared/branding/brand-mark';
import { deriveAccent, type Theme } from '../../shared/branding/derive-accent';
import { ForeignText } from '../../shared/ui/foreign-text';
import styles from './portal-preview.module.css';

interface PortalPreviewProps {
  name: string;
  /** `#rrggbb`; anything else: Rollcall's own colour. */
  accent: string;
  support: string;
  logoPath: string | null;
}

/** How the head of the portal looks to an organization's admin, in both themes at once. */
export function PortalPreview(props: PortalPreviewProps) {
  return (
    <div className={styles.previews}>
      <ThemePreview theme="light" label="Light theme" {...props} />
      <ThemePreview theme="dark" label="Dark theme" {...props} />
    </div>
  );
}

function ThemePreview({
  theme,
  label,
  name,
  accent: chosen,
  support,
  logoPath,
}: PortalPreviewProps & { theme: Theme; label: string }) {
  const accent = deriveAccent(chosen, theme);
  const isChanged = accent !== null && accent.accent !== chosen.toLowerCase();
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {label}
        {isChanged && ' · made readable'}
      </figcaption>
      {/* Nothing in it does anything: it is a picture of the portal. */}
      <div
        className={`${styles.portal} ${styles[theme] ?? ''}`}
        style={accent ? accentTokens(accent) : {}}
        aria-hidden="true"
      >
        <div className={styles.head}>
          <BrandMark logoPath={logoPath} size={28} />
          <div className={styles.names}>
            <p className={styles.organization}>Northwind</p>
            <p className={styles.soft}>
              <ForeignText text={name === '' ? 'Admin portal' : `Admin portal of ${name}`} />
            </p>
          </div>
        </div>
        <p className={styles.tab}>Directory Sync</p>
        <div className={styles.body}>
          <span className={styles.button}>Configure</span>
          <span className={styles.wash}>Connected</span>
          {support !== '' && (
            <span className={styles.soft}>
              Questions?{' '}
              <span className={styles.link}>
                <ForeignText text={support} />
              </span>
            </span>
          )}
        </div>
      </div>
    </figure>
  );
}
