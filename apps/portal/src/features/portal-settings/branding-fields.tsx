import { useId } from 'react';
import { parseColor } from '../../shared/branding/contrast';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { PortalPreview } from './portal-preview';
import type { SettingsDraft } from './settings-draft';
import styles from './settings.module.css';

export interface FieldsProps {
  draft: SettingsDraft;
  isReadOnly: boolean;
  onChange: (change: Partial<SettingsDraft>) => void;
}

/** What an organization's admin sees of whose portal it is. */
export function BrandingFields({ draft, isReadOnly, onChange, logoPath }: FieldsProps & { logoPath: string | null }) {
  return (
    <Card title="Branding" lead="Organizations’ admins meet your application in the admin portal, and not this server.">
      <div className={styles.halves}>
        <div className={styles.fields}>
          <TextField
            label="Application name"
            value={draft.name}
            maxLength={80}
            placeholder="the app"
            readOnly={isReadOnly}
            hint="As it stands in sentences: “Users stay up to date in …”."
            onChange={(name) => onChange({ name })}
          />
          <TextField
            label="Logo URL"
            type="url"
            value={draft.logoUrl}
            maxLength={2_000}
            placeholder="https://example.com/logo.png"
            spellCheck={false}
            readOnly={isReadOnly}
            hint="PNG, JPEG or WebP, up to 200 kB. It is fetched once when you save, and shown from here."
            onChange={(logoUrl) => onChange({ logoUrl })}
          />
          <AccentField accent={draft.accent} isReadOnly={isReadOnly} onChange={(accent) => onChange({ accent })} />
          <TextField
            label="Support contact"
            value={draft.support}
            maxLength={200}
            placeholder="help@example.com"
            readOnly={isReadOnly}
            hint="An e-mail address, a URL or words: whom an admin asks when something does not work."
            onChange={(support) => onChange({ support })}
          />
        </div>
        <PortalPreview
          name={draft.name.trim()}
          accent={draft.accent.trim()}
          support={draft.support.trim()}
          logoPath={logoPath}
        />
      </div>
    </Card>
  );
}

const OWN_ACCENT = '#0b6a5f';

/** A colour by its code, and by the browser's picker beside it. */
function AccentField({
  accent,
  isReadOnly,
  onChange,
}: {
  accent: string;
  isReadOnly: boolean;
  onChange: (accent: string) => void;
}) {
  const pickerId = useId();
  const isColor = parseColor(accent.trim()) !== null;
  return (
    <div className={styles.accent}>
      <TextField
        label="Accent color"
        value={accent}
        maxLength={7}
        placeholder="#2563eb"
        spellCheck={false}
        readOnly={isReadOnly}
        aria-invalid={(accent.trim() !== '' && !isColor) || undefined}
        hint={
          accent.trim() === '' || isColor
            ? 'Buttons and links. Where it could not be read it is made darker or lighter.'
            : 'Write it as # and six digits, such as #2563eb.'
        }
        onChange={onChange}
      />
      <label className="visually-hidden" htmlFor={pickerId}>
        Pick the accent color
      </label>
      <input
        id={pickerId}
        type="color"
        className={styles.picker}
        value={isColor ? accent.trim().toLowerCase() : OWN_ACCENT}
        disabled={isReadOnly}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
