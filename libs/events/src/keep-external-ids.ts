/** The ids of an imported object at the services that it came from; they stay with it as long as it is. */
export interface Imported {
  external_ids?: Record<string, string> | undefined;
}

/** An object with the ids that it was published or imported with: nothing that an identity provider sends says them. */
export function keepExternalIds<Data extends Imported>(known: Imported | null, data: Data): Data {
  return known?.external_ids ? { ...data, external_ids: known.external_ids } : data;
}
