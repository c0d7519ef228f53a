import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from '@rollcall/testing';
import type { Page } from 'playwright-core';

/** What a page of an app was told by the portal in its frame. */
export interface PortalMessage {
  type: string;
  /** Of the window that sent it. */
  origin: string;
  organization_id?: string;
  code?: string;
}

/** An app's own site on 127.0.0.1. */
export interface AppSite {
  readonly origin: string;
  /** Its page that has this address in a frame. */
  show(address: string): string;
  stop(): Promise<void>;
}

/** A page of an app that shows an address in a frame and keeps what it is told. */
const page = (address: string) => `<!doctype html><html lang="en"><title>App</title><body><h1>App</h1>
<iframe title="Admin portal" src="${address}" width="1100" height="800" allow="clipboard-write"></iframe>
<script>
  window.messages = [];
  addEventListener('message', (event) => window.messages.push({ ...event.data, origin: event.origin }));
</script></body></html>`;

/** Starts one, over https with `tls`. */
export async function startAppSite({ tls }: { tls?: TestCertificate } = {}): Promise<AppSite> {
  const listener: RequestListener = (request, response) => {
    const address = new URL(request.url ?? '/', 'http://x').searchParams.get('show') ?? 'about:blank';
    response.setHeader('content-type', 'text/html').end(page(address));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    show: (address) => `${origin}/?show=${encodeURIComponent(address)}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export const messagesOf = (shown: Page): Promise<PortalMessage[]> => shown.evaluate<PortalMessage[]>('window.messages');

export const typesOf = async (shown: Page): Promise<string[]> => (await messagesOf(shown)).map(({ type }) => type);
