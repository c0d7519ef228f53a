import type { ComponentProps, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import { Icon, type IconName } from './icon';
import { Spinner } from './spinner';
import styles from './button.module.css';

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger';

type ButtonProps = ComponentProps<'button'> & {
  tone?: ButtonTone;
  icon?: IconName;
  /** While true the button shows a spinner and does nothing; it keeps its focus. */
  busy?: boolean;
  /** Refuses like `disabled`, but stays reachable, so that focus is not lost when it becomes true. */
  unavailable?: boolean;
};

export function Button(props: ButtonProps) {
  const { tone = 'secondary', icon, busy = false, unavailable = false, children, className, onClick, ...rest } = props;
  const refuses = busy || unavailable;
  return (
    <button
      type="button"
      {...rest}
      className={join(styles.button, styles[tone], className)}
      aria-disabled={refuses || undefined}
      aria-busy={busy || undefined}
      onClick={refuses ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner size={16} /> : icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({
  tone = 'secondary',
  icon,
  children,
  className,
  ...rest
}: LinkProps & { tone?: ButtonTone; icon?: IconName }) {
  return (
    <Link {...rest} className={join(styles.button, styles[tone], className)}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </Link>
  );
}

/** A button of an icon alone; `label` is its name for everyone who does not see it. */
export function IconButton({
  icon,
  label,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { icon: IconName; label: string; children?: ReactNode }) {
  return (
    <button type="button" {...rest} className={join(styles.button, styles.icon, className)} aria-label={label}>
      <Icon name={icon} size={18} />
      {children}
    </button>
  );
}

function join(...classNames: (string | undefined)[]): string {
  return classNames.filter(Boolean).join(' ');
}
