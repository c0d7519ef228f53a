import { shortEventType } from '@rollcall/contract';
import { useId } from 'react';
import type { WebhookEndpoint, WebhookOrdering } from '@rollcall/sdk';
import { ChoiceField, TextField, type Choice } from '../../shared/ui/field';
import { SelectField } from '../../shared/ui/select-field';
import { EVENT_TYPE_GROUPS, type AnyEventType } from './event-type-groups';
import styles from './webhooks.module.css';

/** An endpoint as its form has it. */
interface EndpointDraft {
  url: string;
  description: string;
  allTypes: boolean;
  types: readonly AnyEventType[];
  /** Ids, one on each line; empty = all. */
  organizations: string;
  ordering: WebhookOrdering;
  /** Empty = none. */
  rateLimit: string;
  /** Empty = events as they are stored. */
  dialect: NonNullable<WebhookEndpoint['dialect']> | '';
  deactivation: NonNullable<WebhookEndpoint['deactivation']>;
}

export const NEW_ENDPOINT: EndpointDraft = {
  url: '',
  description: '',
  allTypes: true,
  types: [],
  organizations: '',
  ordering: 'resource',
  rateLimit: '',
  dialect: '',
  deactivation: 'delete',
};

export function draftOf(endpoint: WebhookEndpoint): EndpointDraft {
  return {
    url: endpoint.url,
    description: endpoint.description,
    allTypes: endpoint.event_types.length === 0,
    // The API answers no other.
    types: endpoint.event_types as AnyEventType[],
    organizations: endpoint.organization_ids.join('\n'),
    ordering: endpoint.ordering,
    rateLimit: endpoint.rate_limit === null ? '' : String(endpoint.rate_limit),
    dialect: endpoint.dialect ?? '',
    deactivation: endpoint.deactivation ?? 'delete',
  };
}

/** What the API takes. */
export function inputOf(draft: EndpointDraft) {
  return {
    url: draft.url.trim(),
    description: draft.description.trim(),
    event_types: draft.allTypes ? [] : [...draft.types],
    organization_ids: draft.organizations.split(/[\s,]+/).filter(Boolean),
    ordering: draft.ordering,
    rate_limit: draft.rateLimit.trim() === '' ? null : Number(draft.rateLimit),
    dialect: draft.dialect === '' ? null : draft.dialect,
    deactivation: draft.dialect === '' ? null : draft.deactivation,
  };
}

/** Why the form cannot be sent as it is; null when it can. */
export function whatIsMissing(draft: EndpointDraft): string | null {
  if (draft.url.trim() === '') return 'Enter a URL.';
  if (!URL.canParse(draft.url.trim())) return 'The URL has to be complete, such as https://example.com/webhooks.';
  if (!draft.allTypes && draft.types.length === 0) return 'Choose at least one type of event.';
  return null;
}

const ORDERINGS: readonly Choice<WebhookOrdering>[] = [
  {
    value: 'resource',
    label: 'Per user and group',
    hint: 'Events of one user or group arrive in order; a failing one holds up its own successors for up to 15 minutes.',
  },
  {
    value: 'fifo',
    label: 'Strictly, per directory',
    hint: 'Every event of a directory in sequence. A failing one holds up all that follow.',
  },
  { value: 'none', label: 'As they come', hint: 'Fastest. Your app compares sequence numbers.' },
];

const DIALECTS: readonly Choice<EndpointDraft['dialect']>[] = [
  { value: '', label: 'As they are' },
  { value: 'scalekit', label: 'As Scalekit sends them' },
  { value: 'workos', label: 'As WorkOS sends them' },
];

const DEACTIVATIONS: readonly Choice<EndpointDraft['deactivation']>[] = [
  {
    value: 'delete',
    label: 'As deleted',
    hint: 'As Scalekit and WorkOS do it. An app that knows no inactive users keeps none who has left.',
  },
  { value: 'update', label: 'As changed', hint: 'Your app looks at each user’s state.' },
];

interface EndpointFieldsProps {
  draft: EndpointDraft;
  onChange: (draft: EndpointDraft) => void;
}

export function EndpointFields({ draft, onChange }: EndpointFieldsProps) {
  const set = (changes: Partial<EndpointDraft>) => onChange({ ...draft, ...changes });
  return (
    <>
      <TextField
        label="URL"
        type="url"
        inputMode="url"
        placeholder="https://example.com/webhooks/rollcall"
        hint="A public https address of your app. Events are POSTed to it."
        maxLength={2_048}
        value={draft.url}
        onChange={(url) => set({ url })}
      />
      <TextField
        label="Description"
        hint="For yourself."
        maxLength={1_000}
        value={draft.description}
        onChange={(description) => set({ description })}
      />
      <TypeFields draft={draft} onChange={onChange} />
      <OrganizationsField draft={draft} onChange={onChange} />
      <ChoiceField
        legend="Order"
        choices={ORDERINGS}
        value={draft.ordering}
        onChange={(ordering) => set({ ordering })}
      />
      <TextField
        label="Attempts per second, at most"
        type="number"
        min={1}
        max={1_000}
        hint="Empty: as many as the endpoint takes. Where the form makes several messages of an event, each counts."
        value={draft.rateLimit}
        onChange={(rateLimit) => set({ rateLimit })}
      />
      <SelectField
        label="Form of events"
        hint="For an app that was written for another service: its types, its fields and its signature. What that service has no event for is not sent."
        choices={DIALECTS}
        value={draft.dialect}
        onChange={(dialect) => set({ dialect })}
      />
      {draft.dialect !== '' && (
        <ChoiceField
          legend="Users who are deactivated"
          choices={DEACTIVATIONS}
          value={draft.deactivation}
          onChange={(deactivation) => set({ deactivation })}
        />
      )}
    </>
  );
}

const TYPE_CHOICES: readonly Choice<string>[] = [
  { value: 'all', label: 'All directory events', hint: 'Those that later versions add as well.' },
  { value: 'some', label: 'Only these' },
];

function TypeFields({ draft, onChange }: EndpointFieldsProps) {
  const toggle = (type: AnyEventType, isOn: boolean) => {
    const types = isOn ? [...draft.types, type] : draft.types.filter((one) => one !== type);
    onChange({ ...draft, types });
  };
  return (
    <>
      <ChoiceField
        legend="Events"
        choices={TYPE_CHOICES}
        value={draft.allTypes ? 'all' : 'some'}
        onChange={(choice) => onChange({ ...draft, allTypes: choice === 'all' })}
      />
      {!draft.allTypes && (
        <div className={styles.types}>
          {EVENT_TYPE_GROUPS.map(({ label, types }) => (
            <fieldset key={label} className={styles.group}>
              <legend>{label}</legend>
              {types.map((type) => (
                <label key={type} className={styles.check}>
                  <input
                    type="checkbox"
                    checked={draft.types.includes(type)}
                    onChange={(event) => toggle(type, event.target.checked)}
                  />
                  <span>{shortEventType(type)}</span>
                </label>
              ))}
            </fieldset>
          ))}
        </div>
      )}
    </>
  );
}

function OrganizationsField({ draft, onChange }: EndpointFieldsProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        Organizations
      </label>
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        className={styles.area}
        placeholder="All"
        aria-describedby={`${id}-hint`}
        value={draft.organizations}
        onChange={(event) => onChange({ ...draft, organizations: event.target.value })}
      />
      <p id={`${id}-hint`} className={styles.hint}>
        Empty: events of all organizations. Else their ids, one on each line.
      </p>
    </div>
  );
}
