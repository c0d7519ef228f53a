import type { JsonObject } from '../json';

/** The data types of RFC 7643 §2.3. */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/** An attribute as a schema declares it (RFC 7643 §7); what is left out has the RFC's default (§2.2). */
export interface AttributeDefinition {
  name: string;
  type: AttributeType;
  description: string;
  /** Default false. */
  multiValued?: boolean;
  /** Default false. */
  required?: boolean;
  /** Default false: text is compared without regard to case. */
  caseExact?: boolean;
  /** Suggested values, published but never enforced: identity providers send their own. */
  canonicalValues?: readonly string[];
  /** Default readWrite. */
  mutability?: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  /** Default default. */
  returned?: 'always' | 'never' | 'default' | 'request';
  /** Default none. */
  uniqueness?: 'none' | 'server' | 'global';
  referenceTypes?: readonly string[];
  subAttributes?: readonly AttributeDefinition[];
  /** A multi-valued complex attribute that also takes bare strings as values and keeps them so (Okta sends roles that way). */
  plainValues?: boolean;
  /**
   * A write that leaves this attribute out or unassigns it (null, [], a PATCH `remove`) keeps its value: without one it would mean
   * something that the client did not say.
   */
  keptWhenUnassigned?: boolean;
  /** Of a sub-attribute: other names that clients use for it; read as `name`, never rendered. */
  aliases?: readonly string[];
  /**
   * Of a read-only sub-attribute: what a client sends of it within a value is kept, to be shown where the server itself has
   * nothing to say. As the path of a PATCH it is refused like any other.
   */
  keptInValue?: boolean;
}

/** A schema (RFC 7643 §7). */
export interface SchemaDefinition {
  /** The schema's URN. */
  id: string;
  name: string;
  description: string;
  attributes: readonly AttributeDefinition[];
  /** Older or foreign URNs that clients use for the same schema; read as `id`, never rendered. */
  aliases?: readonly string[];
}

/** A resource type (RFC 7643 §6). */
export interface ResourceTypeDefinition {
  name: string;
  /** The endpoint below the base URL, for example `/Users`. */
  endpoint: string;
  description: string;
  schema: SchemaDefinition;
  extensions?: readonly { schema: SchemaDefinition; required: boolean }[];
  /** The multi-valued attribute whose values are stored as rows of their own, apart from the resource. */
  memberAttribute?: string;
}

/** An attribute with every characteristic filled in and its sub-attributes indexed by lower-case name, aliases included. */
export interface Attribute {
  name: string;
  /** The name to show in messages: qualified by its parent, for example `emails.value`. */
  label: string;
  type: AttributeType;
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  returned: 'always' | 'never' | 'default' | 'request';
  uniqueness: 'none' | 'server' | 'global';
  plainValues: boolean;
  keptWhenUnassigned: boolean;
  keptInValue: boolean;
  /** Empty unless the type is complex. */
  subAttributes: ReadonlyMap<string, Attribute>;
  /** The sub-attribute `value`, which stands for the whole where a filter or a bare string names no other. */
  valueAttribute: Attribute | undefined;
  /** Whether a sub-attribute is left out of answers, or out of those that do not name it. */
  hasHiddenParts: boolean;
  /** Whether at most one value may be marked as primary (RFC 7643 §2.4). */
  hasPrimary: boolean;
}

/** Where an attribute is found in a resource. */
export interface AttributePath {
  /** The URN under which the resource holds the attribute, or null at the top level. */
  container: string | null;
  /** The attribute's name, or null when the path names a whole container. */
  attribute: string | null;
  subAttribute: string | null;
  /** The schema's attribute; undefined when no schema knows it (or the path names a container). */
  definition: Attribute | undefined;
  /** The schema's sub-attribute; undefined when there is none in the path or no schema knows it. */
  subDefinition: Attribute | undefined;
  /** True when a bare name was found in an extension: a top-level attribute of that name in the resource goes first. */
  implied: boolean;
}

/** A schema compiled for look-ups. */
export interface CompiledSchema {
  id: string;
  definition: SchemaDefinition;
  required: boolean;
  /** By lower-case name. */
  attributes: ReadonlyMap<string, Attribute>;
  /** Those that a resource must have in its stored form. */
  requiredAttributes: readonly Attribute[];
}

/** A resource type compiled for look-ups; made by `defineResourceType`. */
export interface ResourceType {
  name: string;
  endpoint: string;
  description: string;
  definition: ResourceTypeDefinition;
  /** The core schema with the common attributes `schemas`, `id`, `externalId` and `meta` (RFC 7643 §3.1). */
  core: CompiledSchema;
  extensions: readonly CompiledSchema[];
  /** Every schema of this type by the lower-case form of its URN and aliases. */
  schemas: ReadonlyMap<string, CompiledSchema>;
  /** Every known path by its lower-case text, qualified and bare. */
  paths: ReadonlyMap<string, AttributePath>;
  memberAttribute: string | undefined;
}

/** What a POST or PUT body holds. */
export interface ReadResult {
  /** The canonical resource, without `id`, `meta`, read-only and write-only attributes and without members. */
  resource: JsonObject;
  /** The members' ids, set when the body has the member attribute; null and [] both give []. */
  members?: string[];
  /** Set when the body has a password. */
  password?: string;
}
