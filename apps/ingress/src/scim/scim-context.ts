import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { newId } from '@rollcall/platform';
import type { Logger, SecretHasher } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { APP_ROLE, createPool, DataSource, InjectDataSource, poolOf } from '@rollcall/database';
import { AdmittedCalls, createCallGatherer, GATHERING_POOL } from '@rollcall/scim-store';
import type { CallConnection } from '@rollcall/scim-store';
import { CONFIG, HINT_QUEUE, LOGGER, SECRET_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { createSecretUseRecorder } from './auth/record-secret-uses';
import { createTokenVerifier } from './auth/verify-token';
import type { TokenVerifier } from './auth/verify-token';
import { createExtensionLearner } from './discovery/create-extension-learner';
import type { ExtensionLearner } from './discovery/create-extension-learner';
import { createPagePositions } from './search/page-positions';
import type { PagePositions } from './search/page-positions';

/** What the SCIM operations have at hand beside their call, which alone reaches the stores. */
@Injectable()
export class ScimContext implements OnApplicationShutdown {
  readonly pages: PagePositions = createPagePositions();
  readonly extensions: ExtensionLearner;
  private readonly gathering: ReturnType<typeof createPool>;
  private readonly connection: CallConnection;
  private readonly verifyToken: TokenVerifier;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SECRET_HASHER) hasher: SecretHasher,
    @Inject(LOGGER) logger: Logger,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
  ) {
    /** The pool for named prepared statements. */
    const pool = () => poolOf(dataSource);
    this.gathering = createPool({
      url: config.databaseUrl,
      role: APP_ROLE,
      ...GATHERING_POOL,
      applicationName: 'rollcall-ingress-scim',
      onError: (error) => logger.warn({ err: error }, 'database connection lost'),
    });
    this.extensions = createExtensionLearner({ pool, logger });
    this.verifyToken = createTokenVerifier({ pool, hasher });
    this.connection = {
      // Of the calls that identity providers make most, those that come at the same time share statements.
      functions: createCallGatherer({ gathering: this.gathering, alone: pool }),
      pool,
      recordUse: createSecretUseRecorder({ pool, logger }),
    };
  }

  /** The calls of the caller whom the token of a request names. Throws ScimError 401 when it is none of the directory. */
  async authenticate(directoryId: string, authorization: string | undefined): Promise<AdmittedCalls> {
    return new AdmittedCalls(await this.verifyToken(directoryId, authorization), this.connection);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.gathering.end();
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
