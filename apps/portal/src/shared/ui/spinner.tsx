import styles from './spinner.module.css';

/** Something is under way: a ring that turns, or three dots for who asked for no motion. `size` as that of an icon. */
export function Spinner({ size = 20 }: { size?: number }) {
  return (
    <svg width={`${size / 16}rem`} height={`${size / 16}rem`} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <g className={styles.turning} stroke="currentColor" strokeWidth="2.5" strokeLinecap="round">
        <circle cx="12" cy="12" r="9" opacity="0.25" />
        <path d="M21 12a9 9 0 0 0-9-9" />
      </g>
      <g className={styles.still} stroke="currentColor" strokeWidth="4.5" strokeLinecap="round">
        <path d="M4.5 12h.01M12 12h.01M19.5 12h.01" />
      </g>
    </svg>
  );
}
