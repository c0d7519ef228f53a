import type {
  DeliveryExhaustedData,
  DeliveryRecoveredData,
  DeprovisioningHeldData,
  DirectoryData,
  EndpointDisabledData,
  EndpointFailingData,
  GroupMembersChangedData,
  MemberReference,
  ReplayData,
  SecretExpiringData,
} from '@rollcall/contract';
import type { Schema } from './document-types';
import {
  integer,
  integerOrNull,
  ref,
  text,
  textOrNull,
  texts,
  time,
  timeOrNull,
  whole,
  wholeImported,
  yesOrNo,
} from './schema-parts';

const directory = {
  id: text,
  organization_id: text,
  name: text,
  directory_type: text,
  directory_provider: text,
  provider: { ...text, description: 'The same as directory_provider.' },
  enabled: yesOrNo,
};

const endpoint = {
  id: text,
  url: text,
  description: text,
  event_types: texts,
  organization_ids: texts,
  ordering: text,
  dialect: textOrNull,
  deactivation: textOrNull,
  rate_limit: integerOrNull,
  enabled: yesOrNo,
  disabled_reason: textOrNull,
  create_time: time,
  update_time: time,
};

const delivery = {
  id: text,
  webhook_endpoint_id: text,
  event_id: text,
  event_type: text,
  directory_id: textOrNull,
  sequence: integerOrNull,
  state: text,
  attempt: { ...integer, description: 'Attempts made.' },
  first_attempt_time: timeOrNull,
  finish_time: timeOrNull,
  last_status: integerOrNull,
  last_error: textOrNull,
};

const counted: Schema = { ...integer, description: 'Counted up to 10,000.' };

/** `data` of the events that no answer of the API shows, as libs/contract types it. */
export const DATA_SCHEMAS: Readonly<Record<string, Schema>> = {
  DirectoryData: wholeImported<DirectoryData>({ ...directory, status: text, updated_at: time }),
  MemberReference: wholeImported<MemberReference>({ id: text, email: textOrNull, dp_id: textOrNull }),
  GroupMembersChangedData: whole<GroupMembersChangedData>({
    group: ref('GroupData'),
    added: { type: 'array', items: ref('MemberReference') },
    removed: { type: 'array', items: ref('MemberReference') },
  }),
  EndpointFailingData: whole<EndpointFailingData>({
    ...endpoint,
    percent: { ...integer, description: 'Of the time after which the endpoint is disabled.' },
    failing_since: time,
    disable_time: time,
    pending_deliveries: counted,
  }),
  EndpointDisabledData: whole<EndpointDisabledData>({
    ...endpoint,
    reason: { type: 'string', enum: ['gone', 'failing'] },
    failing_since: timeOrNull,
    pending_deliveries: counted,
  }),
  DeliveryExhaustedData: whole<DeliveryExhaustedData>({ ...delivery, exhausted_deliveries: integer }),
  DeliveryRecoveredData: whole<DeliveryRecoveredData>({
    ...delivery,
    failing_since: time,
    pending_deliveries: counted,
  }),
  SecretExpiringData: whole<SecretExpiringData>({
    id: text,
    organization_id: text,
    directory_id: text,
    secret_suffix: text,
    name: textOrNull,
    expire_time: time,
    days: { ...integer, description: 'So many are left, or fewer.' },
  }),
  ReplayData: whole<ReplayData>({
    id: textOrNull,
    webhook_endpoint_id: text,
    state: text,
    total: integer,
    done: integer,
    failed: integer,
    directory_id: textOrNull,
    from_sequence: integerOrNull,
    to_sequence: integerOrNull,
    from_time: timeOrNull,
    to_time: timeOrNull,
    types: texts,
    failed_only: yesOrNo,
    oldest_sequence: integerOrNull,
    events_expired: yesOrNo,
    create_time: time,
    finish_time: timeOrNull,
  }),
  DeprovisioningHeldData: whole<DeprovisioningHeldData>({
    ...directory,
    total_users: integer,
    held_users: integer,
    held_since: time,
    deprovision_guard: whole<DeprovisioningHeldData['deprovision_guard']>({
      max_users: integerOrNull,
      max_percent: { type: ['number', 'null'] },
      window_seconds: integer,
    }),
  }),
};
