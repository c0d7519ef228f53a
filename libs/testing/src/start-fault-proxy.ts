import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What happens on the way: to connections that are open already as well as to new ones. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Nothing listens: connections are refused, open ones are cut. */
  | { readonly kind: 'refuse' }
  /** Each connection is reset once the target has answered this many bytes on it. */
  | { readonly kind: 'resetAfter'; readonly bytes: number }
  /** Connections are accepted and nothing comes through, in either direction. */
  | { readonly kind: 'blackHole' }
  /** Everything takes this much longer, in each direction. */
  | { readonly kind: 'delay'; readonly ms: number };

export interface FaultProxy {
  readonly port: number;
  setFault(fault: Fault): Promise<void>;
  /** Cuts the open connections; new ones are not touched. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/** Starts a TCP proxy on 127.0.0.1 whose faults are switched at run time. It passes everything at first. */
export async function startFaultProxy(target: { targetPort: number; targetHost?: string }): Promise<FaultProxy> {
  const state = { fault: { kind: 'pass' } as Fault };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.targetPort, target.targetHost ?? '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => (open.delete(socket), other.destroy()));
    }
    client.pipe(transport(state)).pipe(upstream);
    upstream.pipe(transport(state, client)).pipe(client);
  });
  const port = await listen(server, 0);
  const dropConnections = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port,
    dropConnections,
    setFault: async (fault) => {
      state.fault = fault;
      if (fault.kind === 'refuse' && server.listening) {
        const closed = new Promise((resolve) => server.close(resolve));
        dropConnections();
        await closed;
      } else if (fault.kind !== 'refuse' && !server.listening) {
        await listen(server, port);
      }
    },
    stop: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      dropConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** One direction of a connection; `answersTo` is the client when it is the direction of the answers. */
function transport(state: { fault: Fault }, answersTo?: Socket): Transform {
  let answered = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const { fault } = state;
      answered += chunk.length;
      if (fault.kind === 'blackHole') return done();
      if (fault.kind === 'delay') return void setTimeout(done, fault.ms, null, chunk);
      if (fault.kind === 'resetAfter' && answersTo && answered >= fault.bytes) {
        const allowed = chunk.subarray(0, chunk.length - (answered - fault.bytes));
        return void answersTo.write(allowed, () => answersTo.resetAndDestroy());
      }
      done(null, chunk);
    },
  });
}
