import { PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN } from '@rollcall/contract';
import { TextField } from './field';

interface PasswordFieldProps {
  label?: string;
  value: string;
  /** A new password is checked for its length and kept by the browser's password manager as one. */
  isNew?: boolean;
  onChange: (value: string) => void;
}

/** A password: any characters, so that a password manager or a sentence can make it (NIST SP 800-63B, section 3.1.1.2). */
export function PasswordField({ label = 'Password', value, isNew = false, onChange }: PasswordFieldProps) {
  const hint = `At least ${PASSWORD_CHARACTERS_MIN} characters. A few words of your own are easier than signs.`;
  return (
    <TextField
      label={label}
      type="password"
      required
      value={value}
      minLength={isNew ? PASSWORD_CHARACTERS_MIN : undefined}
      maxLength={PASSWORD_BYTES_MAX}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      hint={isNew ? hint : undefined}
      onChange={onChange}
    />
  );
}
