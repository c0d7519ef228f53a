import { expectTypeOf, it } from 'vitest';
import type {
  CreatedPortalLink,
  DeprovisionGuard,
  DirectoryDetail,
  DirectoryInput,
  HeldUser,
  Organization,
  OrganizationInput,
} from '../client/management-types';
import type { Role, RoleAssignment, RulesImpact, RulesJob } from '../client/role-types';
import type {
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointInput,
  WebhookEndpointWithSecret,
} from '../client/webhook-types';
import type { DirectoryGroup, DirectoryUser, IssuedDirectorySecret, ListPage } from '../portal-types';
import type { components } from './api';

type Schemas = components['schemas'];

// Checked by the compiler (`npm run typecheck`): the types people read are what the server's own description says.
it('describes every answer as the server does', () => {
  expectTypeOf<Schemas['OrganizationItem']>().toExtend<Organization>();
  expectTypeOf<Schemas['NewPortalLinkItem']>().toExtend<CreatedPortalLink>();
  expectTypeOf<Schemas['DirectoryItem']>().toExtend<DirectoryDetail>();
  expectTypeOf<Schemas['IssuedSecretAnswer']>().toExtend<IssuedDirectorySecret>();
  expectTypeOf<Schemas['UserItem']>().toExtend<DirectoryUser>();
  expectTypeOf<Schemas['GroupItem']>().toExtend<DirectoryGroup>();
  expectTypeOf<Schemas['WebhookEndpointItem']>().toExtend<WebhookEndpoint>();
  expectTypeOf<Schemas['WebhookEndpointSecretAnswer']>().toExtend<WebhookEndpointWithSecret>();
  expectTypeOf<Schemas['DeliveryItem']>().toExtend<WebhookDelivery>();
  expectTypeOf<Schemas['RoleItem']>().toExtend<Role>();
  expectTypeOf<Schemas['DryRunAnswer']>().toExtend<RulesImpact>();
  expectTypeOf<Schemas['RoleAssignmentsAnswer']>().toExtend<{
    assignments: RoleAssignment[];
    rules_job: RulesJob | null;
  }>();
  expectTypeOf<Schemas['HeldUserItem']>().toExtend<HeldUser>();
  expectTypeOf<Schemas['UserList']>().toExtend<ListPage>();
});

it('sends what the server takes', () => {
  expectTypeOf<OrganizationInput>().toExtend<Schemas['CreateOrganizationBody']>();
  expectTypeOf<Omit<DirectoryInput, 'directory_type'>>().toExtend<
    Omit<Schemas['NewDirectoryInput'], 'directory_type'>
  >();
  expectTypeOf<Partial<DeprovisionGuard>>().toExtend<Schemas['DeprovisionGuardInput']>();
  // The client takes lists that it promises not to change; JSON knows no such promise.
  type Sent = { -readonly [K in keyof WebhookEndpointInput]: WebhookEndpointInput[K] };
  expectTypeOf<Omit<Sent, 'event_types' | 'organization_ids'>>().toExtend<
    Omit<Schemas['CreateWebhookEndpointBody'], 'event_types' | 'organization_ids'>
  >();
});
