import styles from './mark.module.css';

/** Rollcall's mark: a roll being read, the last name just ticked. `size` as that of an icon. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={`${size / 16}rem`} height={`${size / 16}rem`} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect className={styles.tile} width="32" height="32" rx="9" />
      <g className={styles.stroke} strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8.5 10h15M8.5 16h8" />
        <path d="m13 20.8 3.4 3.4 7.6-8.4" />
        <path d="M8.5 22h.01" />
      </g>
    </svg>
  );
}
