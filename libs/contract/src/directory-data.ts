import type { DirectoryStatus } from './statuses';

/** `data` of a `Directory` event. */
export interface DirectoryData {
  id: string;
  organization_id: string;
  name: string;
  directory_type: string;
  directory_provider: string;
  provider: string;
  enabled: boolean;
  status: DirectoryStatus;
  updated_at: string;
  /** Its ids at services that it was imported from; absent where there is none. */
  external_ids?: Record<string, string>;
}
