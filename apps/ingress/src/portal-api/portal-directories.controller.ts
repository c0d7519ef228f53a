import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  configureDirectory,
  deleteDirectory,
  findDirectory,
  issueDirectorySecret,
  listDirectories,
  revokeDirectorySecret,
  setDirectoryEnabled,
  updateDirectory,
} from '@rollcall/management';
import type { DirectoryView, PortalSessionView, Writer } from '@rollcall/management';
import { CLOCK, CONFIG, SECRET_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { answerAndWake, WakesWorkers } from '../http/wake-workers.interceptor';
import { RequestWriter } from '../http/request-writer';
import { AdminUpdateDirectoryBody, ConfigureDirectoryBody } from '../management/directories/directory.dto';
import { ACTION_PARAMETER, directoryIdParam } from '../management/directories/directory-path';
import { readDirectoryPatch, readNewDirectory } from '../management/directories/read-directory-body';
import { renderDirectory, renderIssuedSecret } from '../management/directories/render-directory';
import { IdPipe } from '../management/input/id.pipe';
import { MAX_PAGE_SIZE } from '../management/paging/page-query';
import { readRegenerateBody, readSecretBody } from '../management/secrets/read-secret-body';
import { CreateSecretBody, RegenerateSecretBody } from '../management/secrets/secret.dto';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** The directories of the session's organization, through the same use cases as the management API. */
@PortalController('/directories')
@WakesWorkers()
export class PortalDirectoriesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_HASHER) private readonly hasher: SecretHasher,
  ) {}

  @Get()
  async list(@Session() session: PortalSessionView) {
    const { rows } = await listDirectories(this.dataSource, scopeOf(session), { size: MAX_PAGE_SIZE });
    return { directories: rows.map((view) => this.render(view)) };
  }

  @Post()
  async create(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @Body() body: ConfigureDirectoryBody,
  ) {
    const { another = false, ...directory } = body;
    const made = await configureDirectory(writer, scopeOf(session), readNewDirectory(directory), another);
    return answerAndWake(made, (view) => ({ directory: this.render(view) }));
  }

  @Get(':directory_id')
  async get(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string) {
    return { directory: this.render(await findDirectory(this.dataSource, { ...scopeOf(session), directoryId })) };
  }

  @Patch(':directory_id')
  async update(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: AdminUpdateDirectoryBody,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    return { directory: this.render(await updateDirectory(writer, scope, readDirectoryPatch(body))) };
  }

  @Delete(':directory_id')
  @HttpCode(204)
  async delete(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
  ) {
    return answerAndWake(await deleteDirectory(writer, { ...scopeOf(session), directoryId }), () => undefined);
  }

  @Patch(`${ACTION_PARAMETER}::enable`)
  async enable(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
  ) {
    const done = await setDirectoryEnabled(writer, { ...scopeOf(session), directoryId }, true);
    return answerAndWake(done, () => ({ enabled: true }));
  }

  @Patch(`${ACTION_PARAMETER}::disable`)
  async disable(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
  ) {
    const done = await setDirectoryEnabled(writer, { ...scopeOf(session), directoryId }, false);
    return answerAndWake(done, () => ({ enabled: false }));
  }

  @Post(':directory_id/secrets')
  async createSecret(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateSecretBody,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    const issued = await issueDirectorySecret(writer, this.hasher, scope, readSecretBody(body));
    return renderIssuedSecret(issued, this.clock());
  }

  @Post(':directory_id/secrets::regenerate')
  async regenerateSecret(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: RegenerateSecretBody,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    const issued = await issueDirectorySecret(writer, this.hasher, scope, readRegenerateBody(body));
    return renderIssuedSecret(issued, this.clock());
  }

  @Delete(':directory_id/secrets/:secret_id')
  @HttpCode(204)
  async revokeSecret(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Param('secret_id', new IdPipe('sec', 'secret')) secretId: string,
  ): Promise<void> {
    await revokeDirectorySecret(writer, { ...scopeOf(session), directoryId }, secretId);
  }

  private render(view: DirectoryView) {
    return renderDirectory(view, { publicUrl: this.config.publicUrl, now: this.clock() });
  }
}
