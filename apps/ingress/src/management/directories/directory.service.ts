import { Inject, Injectable } from '@nestjs/common';
import { providerName } from '@rollcall/contract';
import type { GuardPatch } from '@rollcall/directory';
import { issueToken, newId, tokenSuffix } from '@rollcall/platform';
import type { Clock, SecretHasher } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import {
  createDirectory,
  createDirectorySecret,
  deleteDirectory,
  findDirectory,
  listDirectories,
  regenerateDirectorySecret,
  revokeDirectorySecret,
  setDirectoryEnabled,
  updateDirectory,
} from '@rollcall/management';
import type { DirectoryScope, DirectoryView, OrganizationScope, Page, PageRequest } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CLOCK, CONFIG, HINT_QUEUE, SECRET_HASHER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import type { DeprovisionGuardInput } from '../deprovisioning/deprovisioning.dto';
import type { IssuedSecretAnswer, RegenerateSecretBody } from '../secrets/secret.dto';
import type { CreateDirectoryBody, DirectoryItem, UpdateDirectoryBody } from './directory.dto';
import { renderDirectory, renderSecret } from './render-directory';

/** The use cases of a directory and its secrets, the same for an app owner and an organization's admin; the scope is the caller's. */
@Injectable()
export class DirectoryService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_HASHER) private readonly hasher: SecretHasher,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {}

  async create(scope: OrganizationScope, { directory }: CreateDirectoryBody): Promise<DirectoryItem> {
    const view = await createDirectory(this.dataSource, scope, {
      id: newId(),
      name: directory.name ?? providerName(directory.directory_provider),
      directoryType: directory.directory_type,
      directoryProvider: directory.directory_provider,
    });
    this.wakeDrain(view.directory.id);
    return this.render(view);
  }

  async list(
    scope: OrganizationScope,
    page: PageRequest,
  ): Promise<Omit<Page<never>, 'rows'> & { total: number; directories: DirectoryItem[] }> {
    const { rows, ...info } = await listDirectories(this.dataSource, scope, page);
    return { ...info, directories: rows.map((view) => this.render(view)) };
  }

  async get(scope: DirectoryScope): Promise<DirectoryItem> {
    return this.render(await findDirectory(this.dataSource, scope));
  }

  async update(scope: DirectoryScope, { directory, ...flat }: UpdateDirectoryBody): Promise<DirectoryItem> {
    const { name, directory_provider: directoryProvider, strict, deprovision_guard } = Object.assign(flat, directory);
    const defaultName = name === null ? await this.defaultName(scope, directoryProvider) : undefined;
    const view = await updateDirectory(this.dataSource, scope, {
      name: name ?? defaultName,
      directoryProvider,
      strict: strict === null ? false : strict,
      deprovisionGuard: deprovision_guard && readGuard(deprovision_guard),
    });
    return this.render(view);
  }

  async setEnabled(scope: DirectoryScope, enabled: boolean): Promise<{ enabled: boolean }> {
    if (await setDirectoryEnabled(this.dataSource, scope, enabled)) this.wakeDrain(scope.directoryId);
    return { enabled };
  }

  async delete(scope: DirectoryScope): Promise<void> {
    await deleteDirectory(this.dataSource, scope);
    this.wakeDrain(scope.directoryId);
  }

  /** Adds a bearer token; with `overlap_seconds` (0 when absent) in place of the others. */
  async issueSecret(
    scope: DirectoryScope,
    { expires_in, overlap_seconds = 0 }: RegenerateSecretBody,
    mode: 'add' | 'regenerate',
  ): Promise<IssuedSecretAnswer> {
    // An argon2 hash is worth computing only for a directory that is there.
    await findDirectory(this.dataSource, scope);
    const id = newId();
    const token = issueToken(id);
    const stored = {
      id,
      secretHash: await this.hasher.hash(token),
      secretSuffix: tokenSuffix(token),
      expiresIn: expires_in ?? undefined,
    };
    const secret =
      mode === 'add'
        ? await createDirectorySecret(this.dataSource, scope, stored)
        : await regenerateDirectorySecret(this.dataSource, scope, stored, overlap_seconds);
    return { plain_secret: token, secret: renderSecret(secret, this.clock()) };
  }

  async revokeSecret(scope: DirectoryScope, secretId: string): Promise<void> {
    await revokeDirectorySecret(this.dataSource, scope, secretId);
  }

  private render(view: DirectoryView): DirectoryItem {
    return renderDirectory(view, { publicUrl: this.config.publicUrl, now: this.clock() });
  }

  private async defaultName(scope: DirectoryScope, provider: string | undefined): Promise<string> {
    return providerName(provider ?? (await findDirectory(this.dataSource, scope)).directory.directoryProvider);
  }

  private wakeDrain(directoryId: string): void {
    this.wakeUps.drainDirectory(directoryId);
  }
}

function readGuard({ max_users, max_percent, window_seconds }: DeprovisionGuardInput): GuardPatch {
  return { maxUsers: max_users, maxPercent: max_percent, windowSeconds: window_seconds };
}
