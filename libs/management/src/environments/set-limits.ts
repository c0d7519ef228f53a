import type { DataSource } from 'typeorm';
import { Environment } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { OwnLimits } from '@rollcall/platform';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from './lock-environment';

/**
 * Gives an environment rate limits of its own and returns what it has then. Every process goes by them within half a minute.
 * @param limits null: none of its own; a limit that is absent stays as it is
 */
export async function setEnvironmentLimits(
  writer: Writer,
  environmentId: string,
  limits: OwnLimits | null,
): Promise<OwnLimits> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const environment = await lockEnvironment(manager, environmentId);
    const before = environment.limits ?? {};
    const after = limits && { ...before, ...limits };
    await manager.update(Environment, { id: environmentId }, { limits: after });
    const changes = findChanges(before, after ?? {});
    const target = { type: 'environment' as const, id: publicId('env', environmentId), name: environment.name };
    const entries = [{ action: 'environment_limits.updated' as const, target, organizationId: null, changes }];
    return { answer: after ?? {}, entries: isChanged(changes) ? entries : [] };
  });
}

/** What an environment has of its own, for commands on the server. */
export async function findEnvironmentLimits(dataSource: DataSource, id: string): Promise<OwnLimits> {
  const { limits } = await dataSource.manager.findOneByOrFail(Environment, { id });
  return limits ?? {};
}
