import type { ErrorCode } from '@rollcall/contract';
import type { ScimType } from '@rollcall/scim';
import type { Problem } from './to-problem';

/** scimType of what is found before the SCIM code runs (RFC 7644 §3.12). */
const SCIM_TYPES: Partial<Record<ErrorCode, ScimType>> = {
  malformed_json: 'invalidSyntax',
  invalid_encoding: 'invalidSyntax',
};

/** The detail keyword of a problem in SCIM's answers; null when it has none. */
export function scimTypeOf({ scimType, code }: Pick<Problem, 'scimType' | 'code'>): ScimType | null {
  return scimType ?? SCIM_TYPES[code] ?? null;
}
