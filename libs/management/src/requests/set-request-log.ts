import type { DataSource } from 'typeorm';
import { Environment, tenantTransaction } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';

/** What an environment's log of SCIM requests keeps. */
export interface RequestLogSettings {
  /** Bodies whole but for secrets, instead of a short list of attributes. */
  keepBodies: boolean;
}

/** What is set now. */
export async function findRequestLogSettings(
  dataSource: DataSource,
  environmentId: string,
): Promise<RequestLogSettings> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { keepRequestBodies } = await manager.findOneByOrFail(Environment, { id: environmentId });
    return { keepBodies: keepRequestBodies };
  });
}

/**
 * Sets it for requests that come from now on: every process goes by it within a second of a directory's next request, and none stores a
 * whole body once it is switched off. What is in the log already stays as it is.
 */
export async function setRequestLog(
  writer: Writer,
  environmentId: string,
  { keepBodies }: Partial<RequestLogSettings>,
): Promise<RequestLogSettings> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const environment = await lockEnvironment(manager, environmentId);
    const before = environment.keepRequestBodies;
    const after = keepBodies ?? before;
    await manager.update(Environment, { id: environmentId }, { keepRequestBodies: after });
    const changes = findChanges({ keep_bodies: before }, { keep_bodies: after });
    const target = { type: 'environment' as const, id: publicId('env', environmentId), name: environment.name };
    const entries = [{ action: 'request_log_settings.updated' as const, target, organizationId: null, changes }];
    return { answer: { keepBodies: after }, entries: isChanged(changes) ? entries : [] };
  });
}
