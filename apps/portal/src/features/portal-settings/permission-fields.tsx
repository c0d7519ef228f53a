import { useId } from 'react';
import { Card } from '../../shared/ui/card';
import { Switch } from '../../shared/ui/switch';
import type { FieldsProps } from './branding-fields';
import styles from './settings.module.css';

/** What organizations' admins may do by themselves, beside connecting their identity provider. */
export function PermissionFields({ draft, isReadOnly, onChange }: FieldsProps) {
  return (
    <Card title="What admins may do" lead="You can do all of it for them at any time.">
      <div className={styles.fields}>
        <Permission
          label="Give roles to groups"
          hint="They choose which of your roles the members of each of their groups have."
          isOn={draft.mayMapRoles}
          isReadOnly={isReadOnly}
          onChange={(mayMapRoles) => onChange({ mayMapRoles })}
        />
        <Permission
          label="Map attributes"
          hint="They choose which attributes of their users reach your application, and under which names."
          isOn={draft.mayMapAttributes}
          isReadOnly={isReadOnly}
          onChange={(mayMapAttributes) => onChange({ mayMapAttributes })}
        />
      </div>
    </Card>
  );
}

interface PermissionProps {
  label: string;
  hint: string;
  isOn: boolean;
  isReadOnly: boolean;
  onChange: (isOn: boolean) => void;
}

function Permission({ label, hint, isOn, isReadOnly, onChange }: PermissionProps) {
  const id = useId();
  return (
    <div className={styles.permission}>
      <div>
        <p id={id} className={styles.label}>
          {label}
        </p>
        <p className={styles.hint}>{hint}</p>
      </div>
      <Switch labelledBy={id} isOn={isOn} isDisabled={isReadOnly} onChange={onChange} />
    </div>
  );
}
