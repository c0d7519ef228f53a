import { isJsonObject } from '../json';
import type { JsonObject, ScimResource } from '../json';
import type { CompiledSchema, ResourceType } from '../schema/schema';
import { invalidValue } from '../scim-error';

/**
 * Refuses a resource that lacks a required attribute or extension.
 * @throws ScimError 400 invalidValue.
 */
export function assertRequired(resource: ScimResource, resourceType: ResourceType): void {
  assertAttributes(resource, resourceType.core);
  for (const extension of resourceType.extensions) {
    const container = resource[extension.id];
    if (isJsonObject(container)) assertAttributes(container, extension);
    else if (extension.required) throw invalidValue(`${extension.id} is required. Send it as an object.`);
  }
}

function assertAttributes(holder: JsonObject, schema: CompiledSchema): void {
  for (const { name, label } of schema.requiredAttributes) {
    if (!Object.hasOwn(holder, name)) throw invalidValue(`${label} is required. Send a value for it.`);
  }
}
