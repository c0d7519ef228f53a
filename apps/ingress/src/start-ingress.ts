import { findFreePort } from '@rollcall/embedded-postgres';
import { ConfigError, createMetrics, openTracing, withListeningPort } from '@rollcall/platform';
import type { Config, Logger, Operations } from '@rollcall/platform';
import { createIngress } from './create-ingress';
import type { IngressOptions } from './create-ingress';
import { prepareClose } from './http/close-server';

export type { IngressOptions };

export interface RunningIngress {
  port: number;
  operations: Operations;
  /** Stops accepting, finishes what is in flight, closes the pools. */
  stop(): Promise<void>;
}

/**
 * Starts the ingress: SCIM, management API, the portal's API and its pages on one port. Resolves when it listens.
 * Throws ConfigError without DATABASE_URL or SECRET_KEY, and what createIngress throws.
 */
export async function startIngress(given: Config, options: IngressOptions): Promise<RunningIngress> {
  const config = given.port === 0 ? withListeningPort(given, await findFreePort(0, given.host)) : given;
  const { databaseUrl, secretKey } = config;
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL', 'is required to run the ingress by itself; `npm start` brings its own.');
  if (!secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the ingress by itself.');

  const { logger } = options;
  const tracing = await openTracing(config.tracing, { service: 'rollcall-ingress', logger });
  const tools = { metrics: createMetrics('ingress'), tracing };
  try {
    const { app, operations, close } = await createIngress({ ...config, databaseUrl, secretKey }, options, tools);
    const closeServer = prepareClose(app.getHttpServer());
    await app.listen(config.port, config.host).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    warnOfPlainHttp(config.publicUrl, logger);
    return {
      port: config.port,
      operations,
      stop: async () => {
        await closeServer(close);
        await tracing?.stop();
      },
    };
  } catch (error) {
    await tracing?.stop();
    throw error;
  }
}

/** Whoever listens between a browser and this server reads the cookies of plain http. */
export function warnOfPlainHttp(publicUrl: string, logger: Logger): void {
  if (publicUrl.startsWith('https:')) return;
  logger.warn(
    { publicUrl },
    'PUBLIC_URL is plain http: cookies of the dashboard and the portal go without Secure. Use https for anything but this machine.',
  );
}
