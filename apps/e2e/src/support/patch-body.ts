/** The body of a SCIM PATCH request with these operations, good or bad (RFC 7644, section 3.5.2). */
export function patchBody(...Operations: unknown[]): Record<string, unknown> {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations };
}
