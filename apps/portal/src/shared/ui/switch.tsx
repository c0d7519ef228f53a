import styles from './switch.module.css';

interface SwitchProps {
  /** The id of the element that names it. */
  labelledBy: string;
  isOn: boolean;
  /** While true it is on its way to the other state, and does nothing. */
  busy?: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** Something that is on or off, at once (the switch pattern of ARIA APG). */
export function Switch({ labelledBy, isOn, busy = false, isDisabled = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-labelledby={labelledBy}
      aria-disabled={isDisabled || busy || undefined}
      aria-busy={busy || undefined}
      className={styles.switch}
      onClick={() => {
        if (!busy && !isDisabled) onChange(!isOn);
      }}
    >
      <span className={styles.thumb} />
    </button>
  );
}
