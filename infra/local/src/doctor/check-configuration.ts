import { ConfigError, describeConfig, readConfig } from '@rollcall/platform';
import type { Config } from '@rollcall/platform';
import { findingsOf } from './finding';
import type { Finding } from './finding';

/**
 * Reads the configuration as the server would, and names every variable that it refuses, not the first alone. Without a configuration when
 * one is refused that nothing can be read without.
 */
export function checkConfiguration(env: NodeJS.ProcessEnv): { findings: Finding[]; config: Config | null } {
  const { ok, fail } = findingsOf('configuration');
  const findings: Finding[] = [];
  const rest = { ...env };
  // Each variable is refused once.
  for (let tries = 0; tries <= Object.keys(env).length; tries += 1) {
    try {
      const config = readConfig(rest);
      if (findings.length === 0) findings.push(ok(describe(config)));
      return {
        findings: [...findings, ...judgeConfiguration(config)],
        config: findings[0]?.state === 'ok' ? config : null,
      };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      findings.push(fail(error.message));
      // What is wrong with it is known: the others are read as if it, or what demands it, were unset.
      const { variable } = error;
      const named = [variable, ...(DEMANDED_BY[variable] ?? [])].flatMap((name) => [name, `${name}_FILE`]);
      const culprit = named.find((name) => rest[name]?.trim());
      if (culprit === undefined) break;
      delete rest[culprit];
    }
  }
  return { findings, config: null };
}

/** What must be set as well when another variable is. */
const DEMANDED_BY: Readonly<Record<string, readonly string[]>> = {
  DATABASE_URL: ['DATABASE_DIRECT_URL', 'DATABASE_OWNER_URL'],
  SECRET_KEY: ['DATABASE_URL'],
  MAIL_FROM: ['SMTP_URL'],
};

function describe(config: Config): string {
  const fields = Object.entries(describeConfig(config)).filter(([, value]) => value !== '');
  return fields.map(([name, value]) => `${name} ${value}`).join(', ');
}

/** What can be read and is still not what a server for others should have. */
export function judgeConfiguration(config: Config): Finding[] {
  const { warn } = findingsOf('configuration');
  const findings: Finding[] = [];
  const { protocol, hostname } = new URL(config.publicUrl);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (isHere)
    findings.push(
      warn(`PUBLIC_URL is ${config.publicUrl}, which only this machine reaches: no identity provider does.`),
    );
  else if (protocol === 'http:')
    findings.push(warn(`PUBLIC_URL is ${config.publicUrl}: put a TLS proxy in front and name it with https.`));
  if (config.allowPrivateWebhookTargets) {
    findings.push(
      warn('ALLOW_PRIVATE_WEBHOOK_TARGETS is true: webhooks may reach this network; leave it to development.'),
    );
  }
  return findings;
}
