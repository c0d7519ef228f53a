/** The detail keywords of RFC 7644 §3.12, table 9, and of RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/** The body of an error answer (RFC 7644 §3.12). */
export interface ScimErrorBody {
  schemas: string[];
  status: string;
  scimType?: ScimType;
  detail: string;
}

export const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';

/**
 * A refusal of a SCIM request.
 *
 * `detail` is shown to administrators verbatim by Okta and Entra: it says what went wrong and what to do now, and never
 * carries a value of another tenant or of a person.
 */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly detail: string;

  constructor(status: number, scimType: ScimType | undefined, detail: string) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
    this.detail = detail;
  }
}

/** Renders an error as the body of its answer; `status` is a string there (RFC 7644 §3.12). */
export function toErrorBody(error: Pick<ScimError, 'status' | 'scimType' | 'detail'>): ScimErrorBody {
  return {
    schemas: [ERROR_URN],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.detail,
  };
}

/** A 400 whose `scimType` is invalidValue: a value is missing, of the wrong type, or not allowed. */
export function invalidValue(detail: string): ScimError {
  return new ScimError(400, 'invalidValue', detail);
}

/** A 400 whose `scimType` is invalidSyntax: the body's structure is not what the request needs. */
export function invalidSyntax(detail: string): ScimError {
  return new ScimError(400, 'invalidSyntax', detail);
}

/** A 400 whose `scimType` is invalidPath: a PATCH path is malformed. */
export function invalidPath(detail: string): ScimError {
  return new ScimError(400, 'invalidPath', detail);
}

/** A 400 whose `scimType` is invalidFilter: a filter is malformed or compares what cannot be compared. */
export function invalidFilter(detail: string): ScimError {
  return new ScimError(400, 'invalidFilter', detail);
}

/** A 400 whose `scimType` is mutability: a write to an attribute that may not change. */
export function mutability(detail: string): ScimError {
  return new ScimError(400, 'mutability', detail);
}

/** A 400 whose `scimType` is tooMany: the request would cost more work than one may. */
export function tooMany(detail: string): ScimError {
  return new ScimError(400, 'tooMany', detail);
}

/** A 400 whose `scimType` is noTarget: a PATCH operation has nothing to act on. */
export function noTarget(detail: string): ScimError {
  return new ScimError(400, 'noTarget', detail);
}

/** A 400 whose `scimType` is invalidCursor: a cursor was not given for this query (RFC 9865 §2.1). */
export function invalidCursor(): ScimError {
  return new ScimError(
    400,
    'invalidCursor',
    'The cursor was not given for this query. Start again with an empty cursor and keep filter and sort as they are.',
  );
}

/** A 400 whose `scimType` is expiredCursor: a cursor was given, and its place can be found no more (RFC 9865 §2.1). */
export function expiredCursor(): ScimError {
  return new ScimError(400, 'expiredCursor', 'The cursor has expired. Start again with an empty cursor.');
}
