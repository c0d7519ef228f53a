import { LRUCache } from 'lru-cache';
import { publicId } from '@rollcall/platform';
import type { Logger } from '@rollcall/platform';
import { observeExtensions } from '@rollcall/scim';
import type { ObservedAttribute, ResourceType, ScimResource } from '@rollcall/scim';
import { learnAttributes } from '@rollcall/scim-store';
import type { FunctionCaller } from '@rollcall/database';

/** Learns the attributes of a directory's own extensions from what was written, for its schemas. */
export interface ExtensionLearner {
  /** Learns from a resource that was just stored. What the directory is known to have costs no statement. Never throws. */
  learn(directoryId: string, resource: ScimResource, type: ResourceType): Promise<void>;
}

/** A directory with as many learned attributes as it may have is left alone so long. */
const FULL_MS = 10 * 60_000;

/**
 * A learner with a bounded memory of what this process has seen: losing it costs a statement, which then changes nothing. The
 * resource is stored already, so a failure is only logged; the next write with the attribute tries again.
 */
export function createExtensionLearner(context: { functions: FunctionCaller; logger: Logger }): ExtensionLearner {
  const known = new LRUCache<string, true>({ max: 50_000 });
  const full = new LRUCache<string, true>({ max: 10_000, ttl: FULL_MS });
  return {
    learn: async (directoryId, resource, type) => {
      const sights = observeExtensions(resource, type).filter((sight) => !known.has(keyOf(directoryId, sight)));
      if (sights.length === 0 || full.has(directoryId)) return;
      try {
        const { isFull } = await learnAttributes(context.functions, directoryId, sights);
        if (isFull) full.set(directoryId, true);
        for (const sight of sights) known.set(keyOf(directoryId, sight), true);
      } catch (error) {
        context.logger.warn(
          { err: error, directory_id: publicId('dir', directoryId) },
          'could not record the attributes of an extension',
        );
      }
    },
  };
}

/** What makes a sight a new one: the attribute, the types and whether it was a list. */
function keyOf(directoryId: string, { resourceType, schema, path, types, multiValued }: ObservedAttribute): string {
  return `${directoryId} ${resourceType} ${schema} ${path} ${types.join()} ${multiValued}`;
}
