/** The ids of an imported object at the services that it came from; they stay with it as long as it is. */
export interface Imported {
  external_ids?: Record<string, string>;
}

/** An object with the ids that were published of it: nothing that an identity provider sends says them. */
export function keepExternalIds<Data extends Imported>(published: Imported | null | undefined, data: Data): Data {
  return published?.external_ids ? { ...data, external_ids: published.external_ids } : data;
}
