import { openConnection } from './open-connection';
import type { Connection, RawAnswer } from './open-connection';

/** Where requests go: a directory of one system. */
export interface Target {
  port: number;
  /** Path of the SCIM base URL, without trailing slash. */
  basePath: string;
  token: string;
}

/** One request below a target's base path. `expect`: the status of a right answer (default 200). */
export interface LoadRequest {
  method: string;
  path: string;
  /** An object is sent as JSON. */
  body?: object;
  expect?: number;
  /** The directory it goes to, when not the load's target: a connection may serve many directories of one server. */
  target?: Target;
}

export interface Load {
  target: Target;
  inFlight: number;
  /** The next request; undefined ends the load. */
  next: () => LoadRequest | undefined;
  /** Ends the load after so many seconds. */
  seconds?: number;
  /** Sees every right answer. */
  onAnswer?: (answer: RawAnswer, request: LoadRequest) => void;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  /** Milliseconds, ascending. */
  latencies: Float64Array;
}

/** Sends requests over `inFlight` keep-alive connections, each its next when its last was answered. Throws at a wrong status. */
export async function driveLoad(load: Load): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: load.inFlight }, () => openConnection('127.0.0.1', load.target.port)),
  );
  const latencies: number[] = [];
  const start = performance.now();
  const deadline = start + (load.seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  try {
    await Promise.all(connections.map((connection) => sendInTurn(connection, load, deadline, latencies)));
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - start) / 1_000;
  return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies).toSorted() };
}

async function sendInTurn(connection: Connection, load: Load, deadline: number, latencies: number[]): Promise<void> {
  for (let now = performance.now(); now < deadline;) {
    const request = load.next();
    if (!request) return;
    const text = formatRequest(request.target ?? load.target, request);
    const sent = performance.now();
    const answer = await connection.send(text);
    now = performance.now();
    latencies.push(now - sent);
    expectStatus(request, answer);
    load.onAnswer?.(answer, request);
  }
}

/** A request as it is sent. */
export function formatRequest({ basePath, token }: Target, { method, path, body }: LoadRequest): string {
  const head = `${method} ${basePath}${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\naccept: application/scim+json\r\n`;
  if (body === undefined) return `${head}\r\n`;
  const text = JSON.stringify(body);
  return `${head}content-type: application/scim+json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Throws when the answer is not the one that the request expects. */
export function expectStatus({ method, path, expect = 200 }: LoadRequest, { status, body }: RawAnswer): void {
  if (status === expect) return;
  throw new Error(`${method} ${path} was answered ${status}, not ${expect}: ${body.toString('utf8', 0, 300)}`);
}

/** Sends one request; its JSON answer. Throws at a wrong status. */
export async function sendOne<Body = Record<string, unknown>>(target: Target, request: LoadRequest): Promise<Body> {
  const requests = [request];
  let text = '';
  await driveLoad({
    target,
    inFlight: 1,
    next: () => requests.pop(),
    onAnswer: ({ body }) => (text = body.toString()),
  });
  return (text === '' ? {} : JSON.parse(text)) as Body;
}
