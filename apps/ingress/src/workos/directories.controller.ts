import { Delete, Get, HttpCode, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { deleteDirectory, findDirectory, findDirectoryScope, listDirectories } from '@rollcall/management';
import type { DirectoryView, Writer } from '@rollcall/management';
import { parseId, publicId } from '@rollcall/platform';
import { workosDirectoryType } from '@rollcall/webhooks';
import { RequestWriter } from '../http/request-writer';
import { LongRead } from '../http/take-turn.interceptor';
import { answerAndWake } from '../http/wake-workers.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { directoryIdParam } from '../management/directories/directory-path';
import { IdParameter, TextField } from '../management/input/fields';
import { ListQuery, renderList, toPageRequest } from './list-query';
import type { WorkosList } from './list-query';
import { WorkosController } from './workos-controller';

class DirectoriesQuery extends ListQuery {
  @IdParameter({ prefix: 'org', description: 'Only those of this organization.' })
  organization_id?: string;

  @TextField({ min: 0, max: 200, description: 'Text in the name.' })
  search?: string;
}

/** `workos.directorySync`: directories */
@WorkosController('directories')
export class WorkosDirectoriesController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  @Access('read', 'refused')
  @LongRead()
  async list(
    @EnvironmentId() environmentId: string,
    @Query() query: DirectoriesQuery,
  ): Promise<WorkosList<WorkosDirectory>> {
    const { organization_id: organization, search } = query;
    const organizationId = organization === undefined ? undefined : (parseId('org', organization) ?? undefined);
    const filter = { environmentId, organizationId, search: search?.trim() };
    const page = await listDirectories(this.dataSource, filter, toPageRequest('dir', query));
    return renderList('dir', query, page, renderDirectory);
  }

  @Get(':directory_id')
  @Access('read', 'refused')
  async get(@EnvironmentId() environmentId: string, @directoryIdParam() id: string): Promise<WorkosDirectory> {
    const scope = await findDirectoryScope(this.dataSource, environmentId, id);
    return renderDirectory(await findDirectory(this.dataSource, scope));
  }

  @Delete(':directory_id')
  @Access('write', 'refused')
  @HttpCode(202)
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @directoryIdParam() id: string,
  ) {
    const scope = await findDirectoryScope(this.dataSource, environmentId, id);
    return answerAndWake(await deleteDirectory(writer, scope), () => undefined);
  }
}

type WorkosDirectory = ReturnType<typeof renderDirectory>;

/** `DirectoryResponse` */
function renderDirectory({ directory, status }: DirectoryView) {
  return {
    object: 'directory',
    id: publicId('dir', directory.id),
    external_key: directory.id,
    domain: '',
    name: directory.name,
    organization_id: publicId('org', directory.organizationId),
    state: directory.enabled ? (status === 'COMPLETED' ? 'linked' : 'validating') : 'unlinked',
    type: workosDirectoryType(directory.directoryProvider),
    created_at: directory.createTime.toISOString(),
    updated_at: directory.updateTime.toISOString(),
  };
}
