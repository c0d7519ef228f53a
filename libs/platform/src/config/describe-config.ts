import type { Config } from './read-config';

/** The configuration as it may be logged at start: what is set and where it points, no secret and no credential in a URL. */
export function describeConfig(config: Config): Record<string, string | number | boolean> {
  return {
    listen: `${config.host}:${config.port}`,
    publicUrl: config.publicUrl,
    dataDir: config.dataDir,
    database: config.databaseUrl ? describeUrl(config.databaseUrl) : 'embedded PostgreSQL',
    ...(config.databaseDirectUrl && { databaseDirect: describeUrl(config.databaseDirectUrl) }),
    ...(config.cells.length > 0 && {
      cells: config.cells.map(({ name, databaseUrl }) => `${name}=${describeUrl(databaseUrl)}`).join(','),
    }),
    ...(config.cell !== undefined && { cell: config.cell }),
    queue: config.redisUrl ? describeUrl(config.redisUrl) : 'PostgreSQL',
    secretKey: config.secretKey ? 'from SECRET_KEY' : 'from the data directory',
    previousSecretKeys: config.previousSecretKeys.length,
    allowPrivateWebhookTargets: config.allowPrivateWebhookTargets,
    webhookRetrySchedule: config.webhookRetrySchedule.join(','),
    logLevel: config.logLevel,
    eventRetentionDays: config.eventRetentionDays,
    auditRetentionDays: config.auditRetentionDays,
    responseRetentionDays: config.responseRetentionDays,
    trustedProxies: config.trustedProxies.join(','),
    mail: config.mail.transport === 'smtp' ? describeUrl(config.mail.url) : config.mail.transport,
    traces: config.tracing?.protocol ?? 'off',
    trustTraceparent: config.trustTraceparent,
    limits: Object.values(config.limits).join(','),
    ...(config.databasePoolSize !== undefined && { databasePoolSize: config.databasePoolSize }),
    ...(config.queuePoolSize !== undefined && { queuePoolSize: config.queuePoolSize }),
  };
}

/** Scheme, hosts and path: everything up to the last "@" and everything from "?" may hold a password. */
function describeUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z-]+:\/\/)(.*)$/.exec(text) ?? [];
  const withoutQuery = rest.split(/[?#]/, 1)[0] ?? '';
  return scheme + withoutQuery.slice(withoutQuery.lastIndexOf('@') + 1);
}
