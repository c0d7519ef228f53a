import { t } from '@lingui/core/macro';
import { ChoiceField, TextField } from '../../shared/ui/field';
import { lifetimeChoices } from './lifetime-choices';

/** What a token is to be like, as it is being chosen. */
export interface SecretChoice {
  name: string;
  /** Seconds; 0 = it does not expire. */
  lifetime: number;
}

export const DEFAULT_SECRET: SecretChoice = { name: '', lifetime: 0 };

interface SecretFieldsProps {
  value: SecretChoice;
  /** Seconds that are offered beside the usual ones. */
  presentLifetime?: number;
  onChange: (value: SecretChoice) => void;
}

/** Name and expiry of a token that will be issued. */
export function SecretFields({ value, presentLifetime, onChange }: SecretFieldsProps) {
  return (
    <>
      <TextField
        label={t`Name (optional)`}
        hint={t`To tell tokens apart, such as the system that uses it.`}
        value={value.name}
        maxLength={100}
        autoComplete="off"
        onChange={(name) => onChange({ ...value, name })}
      />
      <ChoiceField
        legend={t`When should the new token expire?`}
        choices={lifetimeChoices(presentLifetime)}
        value={value.lifetime}
        onChange={(lifetime) => onChange({ ...value, lifetime })}
      />
    </>
  );
}

/** The same as the API takes it. */
export function toSecretInput({ name, lifetime }: SecretChoice): { name?: string; expires_in?: number } {
  const trimmed = name.trim();
  return { ...(trimmed !== '' && { name: trimmed }), ...(lifetime > 0 && { expires_in: lifetime }) };
}
