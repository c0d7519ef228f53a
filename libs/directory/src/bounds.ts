/** How long texts may be, in UTF-16 units, how large metadata, in bytes as JSON, and how many there may be: at the API, and in what is imported. */
export const BOUNDS = {
  organizationName: 200,
  externalId: 255,
  metadataBytes: 16_384,
  directoryName: 200,
  roleDisplayName: 200,
  roleDescription: 1_000,
  attributePath: 512,
  customAttributeName: 100,
  /** Of one directory. */
  roleAssignments: 1_000,
  attributeMappings: 200,
} as const;

/** What users and events carry as a role. */
export const ROLE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/** U+0000 and half surrogate pairs. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether PostgreSQL can store a text. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** The same characters as JSON writes them; after an even number of backslashes, else it is text about them. */
const UNSTORABLE_IN_JSON = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether PostgreSQL can store a value that is JSON of at most so many bytes. */
export function isStorableJson(value: unknown, maxBytes: number): boolean {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) <= maxBytes && !UNSTORABLE_IN_JSON.test(text);
}
