import { useId } from 'react';
import type { AttributeMapping, Directory } from '@rollcall/sdk';
import { saveAttributes, tryAttributes, type Mapping } from '../../shared/api/mapping-api';
import { theApp, theVendor } from '../../shared/branding/app-name';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { DraftFooter } from './draft-footer';
import { useRulesDraft } from './use-rules-draft';
import styles from './mapping.module.css';

/** What is mapped most; any path of SCIM can be written. */
const USUAL_PATHS = [
  'title',
  'userType',
  'preferredLanguage',
  'timezone',
  'nickName',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber',
];

interface AttributeRulesProps {
  directory: Pick<Directory, 'id'>;
  mapping: Mapping;
}

/** Which attribute of the identity provider the app gets under which name. */
export function AttributeRules({ directory, mapping }: AttributeRulesProps) {
  const { attributes: saved, may_map_attributes: mayChange } = mapping;
  const draft = useRulesDraft<AttributeMapping>({
    directoryId: directory.id,
    saved,
    tryOut: (rules) => tryAttributes(directory.id, rules),
    save: (rules) => saveAttributes(directory.id, rules),
  });
  const { rules, change } = draft;
  const paths = useId();
  return (
    <Card
      title="Attributes"
      lead={`The usual ones arrive by themselves. Here are those that ${theApp()} gets under a name of its own.`}
      actions={
        mayChange && (
          <Button icon="plus" onClick={() => change([...rules, { key: '', map_to: '' }])}>
            Add an attribute
          </Button>
        )
      }
    >
      <datalist id={paths}>
        {USUAL_PATHS.map((path) => (
          <option key={path} value={path}>
            {path}
          </option>
        ))}
      </datalist>
      {rules.length === 0 && (
        <p className={styles.hint}>
          {mayChange
            ? 'No attribute is mapped yet.'
            : `No attribute is mapped. Ask ${theVendor()} when one is missing.`}
        </p>
      )}
      <ol className={styles.rules} aria-label="Mapped attributes">
        {rules.map((rule, at) => (
          <AttributeRow
            // oxlint-disable-next-line react/no-array-index-key -- a row has no other name while it is being written
            key={at}
            rule={rule}
            number={at + 1}
            paths={paths}
            onChange={
              mayChange
                ? (next) => change(rules.flatMap((other, index) => (index === at ? (next ?? []) : other)))
                : undefined
            }
          />
        ))}
      </ol>
      <DraftFooter draft={draft} problem={problemOf(rules)} />
    </Card>
  );
}

interface AttributeRowProps {
  rule: AttributeMapping;
  number: number;
  /** The id of the list of usual paths. */
  paths: string;
  /** Null takes it away; absent: it can only be seen. */
  onChange?: (rule: AttributeMapping | null) => void;
}

function AttributeRow({ rule, number, paths, onChange }: AttributeRowProps) {
  if (!onChange) {
    return (
      <li className={styles.rule}>
        <code className={styles.from}>
          <ForeignText text={rule.key} />
        </code>
        <span className={styles.to}>
          <ForeignText text={rule.map_to} />
        </span>
      </li>
    );
  }
  return (
    <li className={styles.rule}>
      <div className={styles.from}>
        <TextField
          label={`SCIM attribute ${number}`}
          value={rule.key}
          list={paths}
          maxLength={512}
          autoComplete="off"
          spellCheck={false}
          onChange={(key) => onChange({ ...rule, key: key.trim() })}
        />
      </div>
      <div className={styles.to}>
        <TextField
          label={`Name in ${theApp()} ${number}`}
          value={rule.map_to}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(map_to) => onChange({ ...rule, map_to })}
        />
      </div>
      <IconButton icon="close" label={`Remove attribute ${number}`} onClick={() => onChange(null)} />
    </li>
  );
}

function problemOf(rules: readonly AttributeMapping[]): string | null {
  if (rules.some(({ key, map_to }) => key === '' || map_to.trim() === '')) return 'Each needs an attribute and a name.';
  if (new Set(rules.map(({ map_to }) => map_to)).size < rules.length) return 'Each name can be given once.';
  return null;
}
