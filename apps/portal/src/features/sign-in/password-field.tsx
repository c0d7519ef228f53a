import { TextField } from '../../shared/ui/field';

export const PASSWORD_MIN = 12;

interface PasswordFieldProps {
  label?: string;
  value: string;
  /** A new password is checked for its length and kept by the browser's password manager as one. */
  isNew?: boolean;
  onChange: (value: string) => void;
}

/** A password: any characters, so that a password manager or a sentence can make it (NIST SP 800-63B, section 5.1.1.2). */
export function PasswordField({ label = 'Password', value, isNew = false, onChange }: PasswordFieldProps) {
  return (
    <TextField
      label={label}
      type="password"
      required
      value={value}
      minLength={isNew ? PASSWORD_MIN : undefined}
      maxLength={256}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      hint={isNew ? `At least ${PASSWORD_MIN} characters. A few words of your own are easier than signs.` : undefined}
      onChange={onChange}
    />
  );
}
