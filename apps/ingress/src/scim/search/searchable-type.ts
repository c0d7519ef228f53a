import type { Projection, ResourceType } from '@rollcall/scim';
import type { AdmittedCalls, ListPage, ResourceTable, StoredPage } from '@rollcall/scim-store';

/** How the resources of one type are found. */
export interface SearchableType {
  type: ResourceType;
  table: ResourceTable;
  /** Attributes (`attribute` or `attribute.subAttribute`) with an exact look-up in one round trip. */
  keys: readonly string[];
  /** Those of the keys that are compared folded. */
  foldedKeys: readonly string[];
  find(caller: AdmittedCalls, query: KeyQuery): Promise<StoredPage>;
  list(caller: AdmittedCalls, page: ListPage): Promise<StoredPage>;
  /** Whether an answer with this projection shows the type's references (groups or members). */
  needsReferences(projection: Projection): boolean;
}

export interface KeyQuery {
  attribute: string;
  key: string;
  offset: number;
  limit: number;
  withReferences: boolean;
}
