import type { SeededDirectory } from './seed-directory';

/** An answer with its body read; `json` is {} when there is none. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, never> & ScimBody;
}

/** What tests look at in SCIM bodies. */
export interface ScimBody {
  id: string;
  meta: { created: string; lastModified: string; location: string; version: string; resourceType: string };
  totalResults: number;
  startIndex: number;
  itemsPerPage: number;
  nextCursor?: string;
  Resources: ScimBody[];
  Operations: { status: string; location?: string; response?: ScimBody; version?: string; bulkId?: string }[];
  members?: { value: string; type: string; $ref: string; display?: string }[];
  groups?: { value: string; $ref: string; display: string }[];
  scimType?: string;
  detail: string;
  [attribute: string]: unknown;
}

export interface SendOptions {
  headers?: Record<string, string | undefined>;
  /** Sent as it is instead of JSON. */
  raw?: string | Buffer;
}

export type ScimClient = (method: string, path: string, body?: unknown, options?: SendOptions) => Promise<Answer>;

/** Sends SCIM requests to one directory with its token. A header given as undefined is left out. */
export function scimClient({ scimUrl, token }: Pick<SeededDirectory, 'scimUrl' | 'token'>): ScimClient {
  return async (method, path, body, { headers = {}, raw } = {}) => {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const sent = {
      authorization: `Bearer ${token}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/scim+json' }),
      ...headers,
    };
    const response = await fetch(`${scimUrl}${path}`, {
      method,
      headers: Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['json'];
    return { status: response.status, headers: response.headers, text, json };
  };
}

export const PATCH_OP = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

/** A PATCH body. */
export function patchBody(...operations: Record<string, unknown>[]): Record<string, unknown> {
  return { schemas: PATCH_OP, Operations: operations };
}
