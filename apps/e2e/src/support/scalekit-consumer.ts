import { ScalekitClient } from '@scalekit-sdk/node';

/** The envelope as Scalekit documents it; whatever else an event has is not looked at. */
interface ScalekitEvent {
  readonly spec_version: string;
  readonly id: string;
  readonly type: string;
  readonly object: string;
  readonly environment_id: string;
  readonly organization_id: string;
  readonly occurred_at: string;
  readonly data: unknown;
}

/** `data` of user_created and user_updated; of user_deleted only id, organization_id, dp_id and email are documented. */
export interface ScalekitUser {
  readonly id: string;
  readonly organization_id: string;
  readonly dp_id: string;
  readonly preferred_username: string;
  readonly email: string;
  readonly active: boolean;
  readonly name: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly roles: readonly { readonly role_name: string }[];
  readonly custom_attributes: Readonly<Record<string, string>>;
  readonly [attribute: string]: unknown;
}

export interface ScalekitGroup {
  readonly id: string;
  readonly directory_id: string;
  readonly organization_id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  readonly [attribute: string]: unknown;
}

export interface ScalekitDirectory {
  readonly id: string;
  readonly organization_id: string;
  readonly directory_type: string;
  readonly provider: string;
  readonly enabled: boolean;
  readonly updated_at: string;
  readonly [attribute: string]: unknown;
}

/** What a consumer keeps of one organization. */
export interface ScalekitState {
  readonly users: Map<string, ScalekitUser>;
  readonly groups: Map<string, ScalekitGroup>;
  readonly directories: Map<string, ScalekitDirectory>;
}

/** A request as a web framework gives it: lower-case header names and the raw body. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * An app's webhook handler as Scalekit's documentation teaches it: its SDK verifies, the eight event types are told apart by
 * name, users and groups are kept by id. It knows nothing of Rollcall. Throws WebhookVerificationError.
 */
export function createScalekitConsumer(secret: string): ScalekitState & { receive(request: WebhookRequest): void } {
  const scalekit = new ScalekitClient('https://acme.scalekit.example', 'skc_1', 'test_1');
  const state: ScalekitState = { users: new Map(), groups: new Map(), directories: new Map() };
  const seen = new Set<string>();
  return {
    ...state,
    receive: ({ headers, body }) => {
      scalekit.verifyWebhookPayload(secret, headers as Record<string, string>, body);
      const event = JSON.parse(body) as ScalekitEvent;
      if (seen.has(event.id)) return;
      seen.add(event.id);
      apply(state, event);
    },
  };
}

function apply({ users, groups, directories }: ScalekitState, { type, data }: ScalekitEvent): void {
  switch (type) {
    case 'organization.directory.user_created':
    case 'organization.directory.user_updated':
      users.set((data as ScalekitUser).id, data as ScalekitUser);
      break;
    case 'organization.directory.user_deleted':
      users.delete((data as ScalekitUser).id);
      break;
    case 'organization.directory.group_created':
    case 'organization.directory.group_updated':
      groups.set((data as ScalekitGroup).id, data as ScalekitGroup);
      break;
    case 'organization.directory.group_deleted':
      groups.delete((data as ScalekitGroup).id);
      break;
    case 'organization.directory_enabled':
    case 'organization.directory_disabled':
      directories.set((data as ScalekitDirectory).id, data as ScalekitDirectory);
      break;
    default:
    // Types that were added later.
  }
}
