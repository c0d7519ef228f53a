import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useId } from 'react';
import type { AttributeMapping, DirectoryMapping } from '@rollcall/sdk';
import { saveAttributes, tryAttributes } from '../../shared/api/mapping-api';
import { theApp } from '../../shared/branding/app-name';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { DraftFooter } from './draft-footer';
import { addRow, setRow } from './draft-rows';
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
  directoryId: string;
  mapping: DirectoryMapping;
  mayChange: boolean;
  /** Who sets what the reader may not; absent where that is nobody else. */
  whomToAsk?: string;
}

/** Which attribute of the identity provider the app gets under which name. */
export function AttributeRules({ directoryId, mapping, mayChange, whomToAsk }: AttributeRulesProps) {
  const draft = useRulesDraft({
    directoryId,
    mapping,
    rulesOf: ({ attributes }) => attributes,
    toInput: (rule) => rule,
    tryOut: tryAttributes,
    save: saveAttributes,
  });
  const { rows, change } = draft;
  const paths = useId();
  return (
    <Card
      title={t`Attributes`}
      lead={t`The usual ones arrive by themselves. Here are those that ${{ app: theApp() }} gets under a name of its own.`}
      actions={
        mayChange && (
          <Button icon="plus" onClick={() => change(addRow(rows, { key: '', map_to: '' }))}>
            <Trans>Add an attribute</Trans>
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
      {rows.length === 0 && <p className={styles.hint}>{noneYet(mayChange, whomToAsk)}</p>}
      <ol className={styles.rules} aria-label={t`Mapped attributes`}>
        {rows.map(({ row, rule }, index) => (
          <AttributeRow
            key={row}
            rule={rule}
            number={index + 1}
            paths={paths}
            onChange={mayChange ? (next) => change(setRow(rows, row, next)) : undefined}
          />
        ))}
      </ol>
      <DraftFooter draft={draft} problem={problemOf(rows.map(({ rule }) => rule))} />
    </Card>
  );
}

function noneYet(mayChange: boolean, whomToAsk: string | undefined): string {
  if (mayChange) return t`No attribute is mapped yet.`;
  if (whomToAsk === undefined) return t`No attribute is mapped.`;
  return t`No attribute is mapped. Ask ${{ vendor: whomToAsk }} when one is missing.`;
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
          label={t`SCIM attribute ${number}`}
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
          label={t`Name in ${{ app: theApp() }} ${number}`}
          value={rule.map_to}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(map_to) => onChange({ ...rule, map_to })}
        />
      </div>
      <IconButton icon="close" label={t`Remove attribute ${number}`} onClick={() => onChange(null)} />
    </li>
  );
}

function problemOf(rules: readonly AttributeMapping[]): string | null {
  if (rules.some(({ key, map_to }) => key === '' || map_to.trim() === ''))
    return t`Each needs an attribute and a name.`;
  if (new Set(rules.map(({ map_to }) => map_to)).size < rules.length) return t`Each name can be given once.`;
  return null;
}
