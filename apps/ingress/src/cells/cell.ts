import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { APP_ROLE, createDataSource, isDatabaseUnavailable, REQUEST_STATEMENT_MS } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { CONFIGURATION_LOOK_MS, copyConfiguration, keepConfiguration } from '@rollcall/management';
import type { ConfigurationKeeper } from '@rollcall/management';
import { createMetrics } from '@rollcall/platform';
import type { Logger, Tracing } from '@rollcall/platform';
import { createIngress } from '../create-ingress';
import type { IngressApplication, IngressOptions } from '../create-ingress';
import type { IngressConfig } from '../http/context.module';
import { cellUnavailable } from './refusals';

/** Connections for what is asked beside the application: where organizations live, and the copy of the configuration. */
const STORE_CONNECTIONS = 6;
/** How long a cell that could not be joined is left alone. */
const RETRY_MS = 5_000;
/** How long a database that has failed is not looked at. */
const LEFT_ALONE_MS = 1_000;
/** How long an answer waits for a cell to have what it tells of. */
const COPY_MS = 2_000;
/** By then every process has noticed that a cell is away, and asks nothing of it until it has the configuration. */
const NOTICED_MS = CONFIGURATION_LOOK_MS + 500;
/** How often a cell that did not take the configuration is tried. */
const CATCH_UP_MS = 500;

export interface CellOptions {
  name: string;
  config: IngressConfig;
  ingress: IngressOptions;
  tracing: Tracing | null;
  /** Resolves when no request is under way any more: what its application needs for them stays open until then. */
  drained: Promise<void>;
}

/** One of the databases that organizations live in, with the application that serves those. */
export class Cell {
  readonly name: string;
  readonly store: DataSource;
  private readonly logger: Logger;
  private application: IngressApplication | undefined;
  private server: FastifyInstance | undefined;
  private keeper: ConfigurationKeeper | undefined;
  /** Whether it lacks what an answer told of; nothing is asked of it until it has that. */
  private isBehind = false;
  /** Since when it is known that it does, by performance.now(), and what resolves when it does no more. */
  private behind: { since: number; over: Promise<void> } | undefined;
  /** How often it was told to take the configuration. */
  private told = 0;
  private awayUntil = -Infinity;
  private readonly end = new AbortController();
  private joining: Promise<void> | undefined;

  constructor(private readonly options: CellOptions) {
    this.name = options.name;
    this.logger = options.ingress.logger;
    this.store = createDataSource({
      url: options.config.databaseUrl,
      role: APP_ROLE,
      poolSize: STORE_CONNECTIONS,
      applicationName: 'rollcall-ingress-cells',
      statementMs: REQUEST_STATEMENT_MS,
    });
  }

  get config(): IngressConfig {
    return this.options.config;
  }

  /** Whether it takes requests. One whose database is away takes them too, and refuses each. */
  get isReady(): boolean {
    return this.server !== undefined && !this.isBehind;
  }

  /** Makes its application, which serves from then on. Throws what createIngress throws. @param prepare adds to the application before it serves */
  async join(prepare: (server: FastifyInstance) => void = () => undefined): Promise<void> {
    if (!this.store.isInitialized) await this.store.initialize();
    const { config, ingress, tracing } = this.options;
    const application = await createIngress(config, ingress, { metrics: createMetrics('ingress'), tracing });
    const server = application.app.getHttpAdapter().getInstance();
    try {
      prepare(server);
      server.addHook('preClose', () => this.options.drained);
      await application.app.init();
      await server.ready();
    } catch (error) {
      await application.close();
      throw error;
    }
    this.application = application;
    this.server = server;
  }

  /** Joins it in the background, beginning with a copy of the configuration, and again until it succeeds. */
  joinBehind(control: Cell): void {
    this.joining = this.joinUntilDone(control);
  }

  private async joinUntilDone(control: Cell): Promise<void> {
    for (let isTold = false; !this.end.signal.aborted; isTold = true) {
      try {
        if (!this.store.isInitialized) await this.store.initialize();
        await copyConfiguration(control.store, this.store);
        this.isBehind = true;
        await this.join();
        this.keep(control);
        this.logger.info('cell joined');
        return;
      } catch (error) {
        if (!isTold) this.logger.warn({ err: error }, 'cell cannot be joined; its organizations are answered 503');
        await sleep(RETRY_MS, undefined, { signal: this.end.signal }).catch(() => undefined);
      }
    }
  }

  /** What was written since the copy that it was joined with is copied before it takes requests. */
  private keep(control: Cell): void {
    const onFailure = (error: unknown) => this.logger.warn({ err: error }, 'configuration not copied');
    const onAway = () => void this.stopWhileAway(control);
    this.keeper = keepConfiguration(control.store, this.store, { onFailure, onAway });
    this.fallBehind(this.keeper);
  }

  /**
   * While it is away what its copy still has may be revoked; so it takes no requests when it comes back until it has been copied to.
   * While the control cell cannot be asked either, nobody can revoke anything, and it is served.
   */
  private async stopWhileAway(control: Cell): Promise<void> {
    const isControlThere = await control.look((store) => store.query('SELECT 1')).then(Boolean, () => false);
    if (isControlThere && this.keeper) this.fallBehind(this.keeper);
  }

  /** Resolves when it has what was committed in the control cell before the call, or takes no request from anybody until then. */
  async takeConfiguration(): Promise<void> {
    const { keeper } = this;
    this.told += 1;
    if (!keeper) return;
    const late = sleep(COPY_MS, 'late' as const, { ref: false });
    const copied = this.isBehind ? 'late' : await Promise.race([keeper.copy().catch(() => 'late' as const), late]);
    if (copied !== 'late') return;
    if (!this.isBehind) {
      this.logger.warn('cell did not take the configuration; its organizations are answered 503 until it has');
    }
    const { since, over } = this.fallBehind(keeper);
    // Other processes find out by themselves.
    await Promise.race([over, sleep(Math.max(0, since + NOTICED_MS - performance.now()), undefined, { ref: false })]);
  }

  private fallBehind(keeper: ConfigurationKeeper): { since: number; over: Promise<void> } {
    this.isBehind = true;
    this.behind ??= { since: performance.now(), over: this.catchUp(keeper) };
    return this.behind;
  }

  private async catchUp(keeper: ConfigurationKeeper): Promise<void> {
    while (!this.end.signal.aborted) {
      const { told } = this;
      try {
        await keeper.copy();
        // Else something was committed since the copy began.
        if (told === this.told) {
          this.isBehind = false;
          this.behind = undefined;
          return;
        }
      } catch {
        await sleep(CATCH_UP_MS, undefined, { signal: this.end.signal }).catch(() => undefined);
      }
    }
  }

  /** Hands a request over as it came. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    this.joined().routing(request, response);
  }

  /** For what is asked of it in a request's name. */
  joined(): FastifyInstance {
    if (this.server) return this.server;
    throw new Error(`the cell ${this.name} has not been joined`);
  }

  /** The application, to take what it has one of. */
  get app(): IngressApplication['app'] {
    if (this.application) return this.application.app;
    throw new Error(`the cell ${this.name} has not been joined`);
  }

  /** Null before it was joined. */
  get operations(): IngressApplication['operations'] | null {
    return this.application?.operations ?? null;
  }

  /** Asks its database; one that has just failed is not waited for by everybody who asks. */
  async look<T>(question: (store: DataSource) => Promise<T>): Promise<T> {
    if (!this.store.isInitialized || performance.now() < this.awayUntil) throw cellUnavailable();
    try {
      return await question(this.store);
    } catch (error) {
      if (isDatabaseUnavailable(error)) this.awayUntil = performance.now() + LEFT_ALONE_MS;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.end.abort();
    await this.joining;
    await this.application?.close();
    await this.keeper?.close();
    if (this.store.isInitialized) await this.store.destroy();
  }
}
