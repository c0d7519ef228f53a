import { AsyncLocalStorage } from 'node:async_hooks';
import { isIP, connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import { EgressError } from './egress-error';
import type { BlockedReason } from './egress-error';
import { passOverContinue } from './pass-over-continue';
import { asLookupFunction, resolveAllowed } from './resolve-allowed';
import type { ResolveHost } from './resolve-allowed';

/** What a connection took, in milliseconds, filled in as it is made. */
export interface ConnectionTimes {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  /** `performance.now()` when the connection was ready; null when an open one was reused. */
  readyAt: number | null;
}

export interface ConnectorOptions {
  refuse: (address: string) => BlockedReason | null;
  resolveHost: ResolveHost;
  /** For DNS, TCP and TLS together. */
  connectTimeoutMs: number;
  /** Certificates (PEM) trusted beside the usual authorities. */
  trustedCertificates?: readonly string[];
}

/** The request that makes the connection, so that its times are the request's. */
export const connectionTimes = new AsyncLocalStorage<ConnectionTimes>();

/**
 * A connector for undici that looks at every address three times: as a literal (sockets to literals never ask a lookup),
 * when a name is resolved, and at the address really reached, before a byte of TLS or HTTP is sent.
 */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const startTls = buildConnector({
    timeout: 0,
    minVersion: 'TLSv1.2',
    ...(options.trustedCertificates && { ca: [...rootCertificates, ...options.trustedCertificates] }),
  });

  return (target, callback) => {
    const times = connectionTimes.getStore() ?? { dns: null, connect: null, tls: null, readyAt: null };
    const settle = once(callback, times);
    const socket = openTcp(target, options, times, settle);
    if (!socket) return;
    const timer = setTimeout(() => {
      settle(new EgressError('connect_timeout'), null);
      socket.destroy();
    }, options.connectTimeoutMs);
    socket.once('close', () => clearTimeout(timer));

    socket.once('connect', () => {
      const reason = options.refuse(socket.remoteAddress ?? '');
      if (reason) {
        settle(new EgressError(reason), null);
        socket.destroy();
        return;
      }
      const connectedAt = performance.now();
      if (target.protocol !== 'https:') {
        clearTimeout(timer);
        settle(null, socket);
        return;
      }
      startTls({ ...target, httpSocket: socket }, (error, secured) => {
        clearTimeout(timer);
        times.tls = performance.now() - connectedAt;
        if (error) {
          settle(new EgressError('tls', { cause: error }), null);
          socket.destroy();
        } else settle(null, secured);
      });
    });
  };
}

/** Opens the TCP connection and measures it; reports what fails before it is open. */
function openTcp(
  target: buildConnector.Options,
  { refuse, resolveHost }: ConnectorOptions,
  times: ConnectionTimes,
  settle: buildConnector.Callback,
): Socket | null {
  const reason = isIP(target.hostname) ? refuse(target.hostname) : null;
  if (reason) {
    queueMicrotask(() => settle(new EgressError(reason), null));
    return null;
  }
  const startedAt = performance.now();
  let resolvedAt = startedAt;
  const resolve = async (hostname: string) => {
    try {
      return await resolveAllowed(hostname, resolveHost, refuse);
    } finally {
      resolvedAt = performance.now();
      times.dns = resolvedAt - startedAt;
    }
  };
  const socket = connectTcp({
    host: target.hostname,
    port: Number(target.port || (target.protocol === 'https:' ? 443 : 80)),
    lookup: asLookupFunction(resolve),
    autoSelectFamily: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  });
  socket.once('connect', () => {
    times.connect = performance.now() - resolvedAt;
  });
  // Stays for the life of the socket: an error that nobody listens to would end the process.
  socket.on('error', (error) => settle(explainConnectError(error), null));
  return socket;
}

function explainConnectError(error: NodeJS.ErrnoException): EgressError {
  if (error instanceof EgressError) return error;
  return new EgressError(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', { cause: error });
}

/** The callback for the first result only; a timeout and the error that follows from it are one failure. */
function once(callback: buildConnector.Callback, times: ConnectionTimes): buildConnector.Callback {
  let settled = false;
  return (...result) => {
    if (settled) return;
    settled = true;
    if (result[1]) {
      times.readyAt = performance.now();
      passOverContinue(result[1]);
    }
    callback(...result);
  };
}
