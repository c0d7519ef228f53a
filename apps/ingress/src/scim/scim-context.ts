import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { newId } from '@rollcall/platform';
import type { Logger, SecretHasher } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { APP_ROLE, createPool, DataSource, InjectDataSource, poolOf } from '@rollcall/database';
import type { CallGatherer } from '@rollcall/database';
import { createCallGatherer, GATHERING_POOL } from '@rollcall/scim-store';
import { CONFIG, HINT_QUEUE, LOGGER, SECRET_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { createSecretUseRecorder } from './auth/record-secret-uses';
import type { SecretUseRecorder } from './auth/record-secret-uses';
import { createExtensionLearner } from './discovery/create-extension-learner';
import type { ExtensionLearner } from './discovery/create-extension-learner';
import { createPagePositions } from './search/page-positions';
import type { PagePositions } from './search/page-positions';

/** What the SCIM operations have at hand. */
@Injectable()
export class ScimContext implements OnApplicationShutdown {
  /** For the calls that identity providers make most: what comes at the same time shares statements. */
  readonly functions: CallGatherer;
  private readonly gathering: ReturnType<typeof createPool>;
  readonly pages: PagePositions = createPagePositions();
  readonly extensions: ExtensionLearner = createExtensionLearner(this);
  readonly recordSecretUse: SecretUseRecorder = createSecretUseRecorder(this);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SECRET_HASHER) readonly hasher: SecretHasher,
    @Inject(LOGGER) readonly logger: Logger,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {
    this.gathering = createPool({
      url: config.databaseUrl,
      role: APP_ROLE,
      ...GATHERING_POOL,
      applicationName: 'rollcall-ingress-scim',
      onError: (error) => logger.warn({ err: error }, 'database connection lost'),
    });
    this.functions = createCallGatherer({ gathering: this.gathering, alone: () => this.pool });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.gathering.end();
  }

  /** The pool for named prepared statements. */
  get pool(): ReturnType<typeof poolOf> {
    return poolOf(this.dataSource);
  }

  /** A new resource's id. */
  newId(): string {
    return newId();
  }

  /** The base URL of a directory's SCIM endpoints, without trailing slash. */
  baseUrl(directoryId: string): string {
    return `${this.config.publicUrl}/scim/${directoryId}/v2`;
  }

  /** Tells the workers that a directory has changes. Only a hint: the change rows are committed. */
  hintChanges(directoryId: string): void {
    this.wakeUps.drainDirectory(directoryId);
  }
}
