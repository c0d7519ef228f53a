import { isIP } from 'node:net';
import type { EgressClientOptions } from './create-egress-client';
import { checkUrl, hostOf } from './check-url';
import { createGuardedConnector } from './connect-guarded';
import { createPolicy } from './create-policy';
import { refuseAddress } from './refuse-address';
import { resolveBySystem } from './resolve-allowed';

/**
 * Connects to a target as a request would, TLS included, and sends nothing. Throws {@link EgressError} for what may be no target or
 * cannot be reached.
 */
export async function reachTarget(text: string, options: EgressClientOptions): Promise<void> {
  const policy = createPolicy(options);
  const url = checkUrl(text, policy);
  const connect = createGuardedConnector({
    refuse: (address) => refuseAddress(address, policy),
    resolveHost: options.resolveHost ?? resolveBySystem,
    connectTimeoutMs: options.connectTimeoutMs ?? 5000,
    trustedCertificates: options.trustedCertificates,
  });
  const host = hostOf(url);
  await new Promise<void>((resolve, reject) => {
    const target = {
      hostname: host,
      host: url.host,
      protocol: url.protocol,
      port: url.port,
      ...(!isIP(host) && { servername: host }),
    };
    connect(target, (error, socket) => {
      socket?.destroy();
      if (error) reject(error);
      else resolve();
    });
  });
}
