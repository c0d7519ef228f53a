import type { OpenAPIObject } from '@nestjs/swagger';

/** The parts of an OpenAPI document as this folder reads and completes them. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  example?: unknown;
  minimum?: number;
  description?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Media {
  schema: Schema;
  example?: unknown;
}

export interface Answer {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, Media>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer | { $ref: string }>;
  security?: Record<string, string[]>[];
  'x-organization-clients'?: string;
}

/** A document of {@link OpenAPIObject} under names that are there in one made by @nestjs/swagger. */
export interface ApiDocument {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
  components: { schemas: Record<string, Schema>; responses?: Record<string, Answer> };
}

/** What @nestjs/swagger made, as this folder reads it: it writes every schema and answer out in these forms. */
export const asApiDocument = (document: OpenAPIObject): ApiDocument => document as unknown as ApiDocument;

/** The schema that a reference into the document's schemas names; any other one itself. */
export function resolveSchema(schema: Schema, schemas: Record<string, Schema>): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (schemas[name] ?? {});
}
