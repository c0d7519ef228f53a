import { expectTypeOf, it } from 'vitest';
import type { GroupData, UserData } from '@rollcall/contract';
import type {
  DeprovisionGuard,
  DirectoryGroup,
  DirectoryInput,
  DirectoryProvider,
  DirectoryUser,
  HeldUser,
  OrganizationInput,
} from '../api-types';
import type {
  WebhookEndpointInput,
  WebhookReplay,
  WebhookReplayInput,
  WebhookReplayPreview,
} from '../webhook-endpoint-types';
import type { components } from './api';

type Schemas = components['schemas'];
interface Times {
  create_time: string;
  update_time: string;
}
type Detail<Data extends { raw_attributes: unknown }> = Omit<Data, 'raw_attributes'> &
  Partial<Pick<Data, 'raw_attributes'>>;

// Checked by the compiler (`npm run typecheck`): the document is what the contract says, entry by entry.
it('describes users, groups and providers as the contract does', () => {
  expectTypeOf<keyof DirectoryUser>().toEqualTypeOf<keyof UserData | keyof Times>();
  expectTypeOf<DirectoryUser>().toExtend<Detail<UserData> & Times>();
  expectTypeOf<Detail<UserData> & Times>().toExtend<DirectoryUser>();
  expectTypeOf<keyof DirectoryGroup>().toEqualTypeOf<keyof GroupData | keyof Times>();
  expectTypeOf<DirectoryGroup>().toExtend<Detail<GroupData> & Times>();
  expectTypeOf<Detail<GroupData> & Times>().toExtend<DirectoryGroup>();
  expectTypeOf<Schemas['DirectoryItem']['directory_provider']>().toEqualTypeOf<DirectoryProvider>();
});

it('describes every answer that has a type of its own as the server does', () => {
  expectTypeOf<Schemas['HeldUserItem']>().toExtend<HeldUser>();
  expectTypeOf<Schemas['ReplayItem']['state']>().toEqualTypeOf<
    WebhookReplay['state'] | WebhookReplayPreview['state']
  >();
});

it('sends what the server takes', () => {
  // The client takes lists that it promises not to change; JSON knows no such promise.
  type Sent<Input> = {
    [Key in keyof Input]: Input[Key] extends readonly (infer Item)[] | undefined ? Item[] : Input[Key];
  };
  expectTypeOf<OrganizationInput>().toExtend<Schemas['CreateOrganizationBody']>();
  expectTypeOf<Omit<DirectoryInput, 'directory_type'>>().toExtend<
    Omit<Schemas['NewDirectoryInput'], 'directory_type'>
  >();
  expectTypeOf<Partial<DeprovisionGuard>>().toExtend<Schemas['DeprovisionGuardInput']>();
  expectTypeOf<Sent<WebhookEndpointInput>>().toExtend<Schemas['CreateWebhookEndpointBody']>();
  expectTypeOf<Sent<WebhookReplayInput>>().toExtend<Schemas['ReplayBody']>();
});
