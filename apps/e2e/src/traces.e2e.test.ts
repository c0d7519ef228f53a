import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmbeddedPostgres } from '@rollcall/embedded-postgres';
import { buildOktaUser, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, RunningRollcall } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';
import { runLauncher } from './support/run-launcher';

interface Span {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
  service: string;
}

interface Exported {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<Span, 'attributes' | 'service'> & { attributes: Attribute[] })[] }[];
  }[];
}
interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

/** Takes traces as a collector does, at `/v1/traces`. */
class Collector {
  readonly bodies: { type: string; body: Buffer }[] = [];
  private readonly server: Server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.url === '/v1/traces') this.bodies.push({ type: request.headers['content-type'] ?? '', body });
      response.end('{}');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans that came as JSON. */
  get spans(): Span[] {
    return this.bodies
      .filter(({ type }) => type === 'application/json')
      .flatMap(({ body }) => (JSON.parse(body.toString()) as Exported).resourceSpans)
      .flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map((span) => ({
            ...span,
            attributes: readAttributes(span.attributes),
            service: String(readAttributes(resource.attributes)['service.name']),
          })),
        ),
      );
  }

  of(traceId: string): Span[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function readAttributes(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });

let users = 0;
async function createUser({ scimUrl, token }: ReadyDirectory, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(`${scimUrl}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    body: JSON.stringify(buildOktaUser((users += 1))),
  });
  expect(response.status).toBe(201);
  return response;
}

/** What was sent of users: the directory's own event may come before an endpoint, or after. */
function ofUsers(requests: readonly ReceivedRequest[]): ReceivedRequest[] {
  return requests.filter((request) => request.json<{ object: string }>().object === 'DirectoryUser');
}

/** What is stored of the requests that changes and events came from. */
async function storedRequests({ dataDir }: RunningRollcall): Promise<string[]> {
  const found = await findEmbeddedPostgres(dataDir);
  const client = new Client({ connectionString: found?.ownerUrl, options: '-c rollcall.every_tenant=on' });
  await client.connect();
  const { rows } = await client.query<{ request_id: string }>(
    `SELECT request_id FROM events WHERE request_id IS NOT NULL UNION ALL SELECT request_id FROM changes WHERE request_id IS NOT NULL`,
  );
  await client.end();
  return rows.map((row) => row.request_id);
}

describe('traces of a SCIM request', () => {
  const collector = new Collector();
  let server: RunningRollcall;
  let receiver: Receiver;
  let directory: ReadyDirectory;

  beforeAll(async () => {
    const endpoint = await collector.start();
    receiver = await startReceiver();
    server = await startRollcall({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '100',
        WEBHOOK_RETRY_SCHEDULE: '1,1,1,1,1,1',
      },
    });
    directory = await createDirectory(server);
    await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
  });

  afterAll(async () => {
    await server?.stop();
    await receiver?.stop();
    collector.stop();
  });

  /** Creates a user, and waits until so many attempts to deliver its event were told of in the trace of that request. */
  async function createTraced(deliveries = 1, headers: Record<string, string> = {}) {
    const answer = await createUser(directory, headers);
    const id = answer.headers.get('x-request-id');
    const root = () => collector.spans.find((span) => span.attributes['rollcall.request_id'] === id);
    await waitUntil(() => root(), { what: 'the trace of a request' });
    const traceId = root()?.traceId ?? '';
    const delivered = () => collector.of(traceId).filter(({ name }) => name === 'deliver event');
    if (deliveries > 0) await waitUntil(() => delivered().length >= deliveries, { what: 'the trace of a delivery' });
    return { traceId, root: root(), answer };
  }

  it('are one from the request over its transaction and the drain to the delivery', async () => {
    receiver.clear();
    const { traceId, answer } = await createTraced();
    const spans = collector.of(traceId);
    const [request, write, drain, delivery] = [
      'POST /scim/:key/v2/Users',
      'scim_add_user',
      'drain directory',
      'deliver event',
    ].map((wanted) => spans.find(({ name }) => name === wanted));
    expect(spans).toHaveLength(4);
    expect([request?.parentSpanId, write?.parentSpanId, drain?.parentSpanId, delivery?.parentSpanId]).toEqual([
      undefined,
      request?.spanId,
      write?.spanId,
      drain?.spanId,
    ]);
    expect([request?.service, write?.service, drain?.service, delivery?.service]).toEqual([
      'rollcall-ingress',
      'rollcall-ingress',
      'rollcall-worker',
      'rollcall-worker',
    ]);
    expect(request?.attributes).toMatchObject({
      'http.response.status_code': 201,
      'rollcall.request_id': answer.headers.get('x-request-id'),
    });
    expect(drain?.attributes).toMatchObject({ 'rollcall.directory_id': directory.directoryId, 'rollcall.events': 1 });
    expect(delivery?.attributes).toMatchObject({ 'http.response.status_code': 200, 'rollcall.attempt': 1 });
    expect(ofUsers(receiver.requests).map(({ headers }) => headers['traceparent'])).toEqual([
      `00-${traceId}-${delivery?.spanId}-01`,
    ]);
    expect(JSON.stringify(spans)).not.toContain('example.com');
    // Lines are written a moment later.
    for (const message of ['request', 'delivery.attempted']) {
      const line = new RegExp(`"trace_id":"${traceId}"[^\\n]*"msg":"${message}"`);
      await waitUntil(() => line.test(server.output()), { what: `the line "${message}"` });
    }
  });

  it.each(['00', '01'])(
    'are kept in a trace of their own, linked with the one that a stranger names: %s',
    async (flags) => {
      const sent = newTrace();
      const { traceId, root } = await createTraced(1, { traceparent: `00-${sent.traceId}-${sent.spanId}-${flags}` });
      expect(traceId).not.toBe(sent.traceId);
      expect(root?.links).toMatchObject([sent]);
      expect(root?.parentSpanId).toBeUndefined();
      expect(collector.of(sent.traceId)).toEqual([]);
      expect((await storedRequests(server)).filter((text) => text.includes(sent.traceId))).toEqual([]);
    },
  );

  it('begin where a request names none that can be read', async () => {
    const { root } = await createTraced(1, { traceparent: 'unreadable' });
    expect(root?.links ?? []).toEqual([]);
    expect(root?.parentSpanId).toBeUndefined();
  });

  it('go on in another worker when that of the drain is gone', async () => {
    receiver.answerWith({ status: 500 });
    const { traceId } = await createTraced();
    await server.kill9Only('worker');
    receiver.answerWith({});
    const done = () => collector.of(traceId).filter((span) => span.attributes['http.response.status_code'] === 200);
    await waitUntil(() => done().length > 0, { what: 'a delivery by the next worker' });
    const write = collector.of(traceId).find(({ name }) => name === 'scim_add_user');
    expect(done()).toMatchObject([{ name: 'deliver event', parentSpanId: write?.spanId }]);
    expect(Number(done()[0]?.attributes['rollcall.attempt'])).toBeGreaterThan(1);
  });

  it('of several requests that are drained together each go on, linked with the drain of all', async () => {
    const worker = (await server.processes()).find(({ name }) => name === 'worker')?.pid ?? 0;
    process.kill(worker, 'SIGSTOP');
    const traces = await Promise.all([1, 2, 3].map(() => createTraced(0))).finally(() =>
      process.kill(worker, 'SIGCONT'),
    );
    const isDelivered = ({ traceId }: { traceId: string }) =>
      collector.of(traceId).some(({ name }) => name === 'deliver event');
    await waitUntil(() => traces.every(isDelivered), { what: 'three deliveries' });
    const linked = (span: Span) => new Set(span.links?.map(({ traceId }) => traceId));
    const drain = collector.spans.find(
      (span) => span.name === 'drain directory' && traces.every(({ traceId }) => linked(span).has(traceId)),
    );
    expect(drain).toBeDefined();
    for (const { traceId } of traces) {
      const spans = collector.of(traceId);
      const part = spans.find(({ name }) => name === 'publish events');
      expect(part?.links?.map((link) => link.spanId)).toEqual([drain?.spanId]);
      expect(part?.parentSpanId).toBe(spans.find(({ name }) => name === 'scim_add_user')?.spanId);
      expect(spans.find(({ name }) => name === 'deliver event')?.parentSpanId).toBe(part?.spanId);
    }
  });

  it('leave the request log as it is: what a request did is found by its id', async () => {
    const { answer } = await createTraced();
    const { id } = (await answer.json()) as { id: string };
    const name = answer.headers.get('x-request-id');
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    const find = () =>
      directory.api<{ request: { events: { type: string }[] } }>('GET', `${path}/requests/${name}`).catch(() => null);
    await waitUntil(async () => (await find())?.request.events.length);
    expect((await find())?.request.events).toMatchObject([{ type: 'organization.directory.user_created' }]);
    const explained = await directory.api<object>('GET', `${path}/users/diruser_${id}:explain`);
    expect(JSON.stringify(explained)).toContain(`"request_id":"${name}"`);
    expect(JSON.stringify(explained)).not.toMatch(/"request_id":"[^"]*:/);
  });
});

describe('traces of senders', () => {
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await startReceiver();
  });

  afterAll(() => receiver?.stop());

  /** Runs a server with these variables, until it has ended and handed over all of its traces. */
  async function runTraced(
    env: NodeJS.ProcessEnv,
    work: (server: RunningRollcall, directory: ReadyDirectory) => Promise<void>,
  ): Promise<Collector> {
    const collector = new Collector();
    const endpoint = await collector.start();
    const server = await startRollcall({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env } });
    try {
      const directory = await createDirectory(server);
      await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
      receiver.clear();
      await work(server, directory);
    } finally {
      expect(await server.stop()).toBe(0);
      collector.stop();
    }
    return collector;
  }

  /** The `traceparent` of the webhook that tells of a user who is created in this trace. */
  async function deliverTraced(
    directory: ReadyDirectory,
    { traceId, spanId }: ReturnType<typeof newTrace>,
    flags: string,
  ) {
    receiver.clear();
    await createUser(directory, { traceparent: `00-${traceId}-${spanId}-${flags}` });
    const [request] = await receiver.waitFor((all) => ofUsers(all).length === 1).then(ofUsers);
    return request?.headers['traceparent'];
  }

  it('are not kept because a stranger says so: the sampler that is configured decides', async () => {
    const env = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    const collector = await runTraced(env, async (server, directory) => {
      expect(await deliverTraced(directory, newTrace(), '01')).toBeUndefined();
      const stored = await storedRequests(server);
      expect(stored.length).toBeGreaterThan(0);
      expect(stored.filter((text) => text.includes(':'))).toEqual([]);
    });
    expect(collector.bodies).toEqual([]);
  });

  it('who are trusted go on with their own, and are kept when they keep them; they leave as protobuf, under the name that is given, the last when a process ends', async () => {
    const [kept, dropped] = [newTrace(), newTrace()];
    const env = { TRUST_TRACEPARENT: 'true', OTEL_SERVICE_NAME: 'people', OTEL_BSP_SCHEDULE_DELAY: '3600000' };
    const collector = await runTraced(env, async (server, directory) => {
      expect(await deliverTraced(directory, dropped, '00')).toBeUndefined();
      expect((await storedRequests(server)).filter((text) => text.includes(dropped.traceId))).toEqual([]);
      expect(await deliverTraced(directory, kept, '01')).toMatch(new RegExp(`^00-${kept.traceId}-[0-9a-f]{16}-01$`));
    });
    expect(new Set(collector.bodies.map(({ type }) => type))).toEqual(new Set(['application/x-protobuf']));
    const sent = Buffer.concat(collector.bodies.map(({ body }) => body));
    const holds = (id: string) => sent.includes(Buffer.from(id, 'hex'));
    expect([kept.traceId, kept.spanId, dropped.traceId].map(holds)).toEqual([true, true, false]);
    expect(sent.includes('people')).toBe(true);
  });
});

describe('without OTEL_* variables', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    // Whoever imports or requires a library of OpenTelemetry in such a process fails.
    folder = mkdtempSync(join(tmpdir(), 'rollcall-untraced-'));
    const hook = join(folder, 'hook.mjs');
    writeFileSync(
      hook,
      `export async function resolve(name, context, next) {
        if (name.includes('opentelemetry')) throw new Error('OpenTelemetry is loaded: ' + name);
        return next(name, context);
      }`,
    );
    const register = join(folder, 'register.mjs');
    writeFileSync(
      register,
      `import module, { register } from 'node:module';
      register(${JSON.stringify(`file://${hook}`)});
      const resolve = module._resolveFilename;
      module._resolveFilename = (name, ...rest) => {
        if (name.includes('opentelemetry')) throw new Error('OpenTelemetry is loaded: ' + name);
        return resolve(name, ...rest);
      };`,
    );
    env = { NODE_OPTIONS: `--import file://${register}` };
    return () => rmSync(folder, { recursive: true });
  });

  it('no library of OpenTelemetry is loaded, no trace is told to receivers and no byte of one stored', async () => {
    const receiver = await startReceiver();
    const server = await startRollcall({ env });
    const directory = await createDirectory(server);
    await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
    const { traceId, spanId } = newTrace();
    await createUser(directory, { traceparent: `00-${traceId}-${spanId}-01` });
    const [request] = await receiver.waitFor((all) => ofUsers(all).length === 1).then(ofUsers);
    expect(request?.headers).not.toHaveProperty('traceparent');
    const stored = await storedRequests(server);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.filter((text) => !/^[0-9a-z]{26}$/.test(text))).toEqual([]);
    expect(await server.stop()).toBe(0);
    await receiver.stop();
  });

  it('and it would be seen if one were', async () => {
    const traced = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const run = await runLauncher(['start'], {
      ...traced,
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'fatal',
      PORT: '0',
    });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain('OpenTelemetry is loaded');
  });
});
