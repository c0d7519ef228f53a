import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { watchBytes } from './watch-bytes';

/** What happens on the way: to connections that are open already as well as to new ones. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Nothing listens: connections are refused, open ones are cut. */
  | { readonly kind: 'refuse' }
  /** Each connection is reset once the target has answered this many bytes on it. */
  | { readonly kind: 'resetAfter'; readonly bytes: number }
  /** Each connection is reset once the client has sent this many bytes on it; the target gets them. */
  | { readonly kind: 'resetAfterSent'; readonly bytes: number }
  /** Connections are accepted and nothing comes through, in either direction. */
  | { readonly kind: 'blackHole' }
  /** The same, and neither side hears of the other any more, its end included: not after the fault is over either. */
  | { readonly kind: 'silent' }
  /** Everything takes this much longer, in each direction. */
  | { readonly kind: 'delay'; readonly ms: number };

/** A place in what a client sends on one connection. */
export interface Place {
  /** Texts that pass in this order, such as that of a statement and then `COMMIT`. */
  readonly sent: readonly string[];
  /** `request`: the target does not get the last of them; `answer`: it does, and its answer does not get through. */
  readonly hold: 'request' | 'answer';
}

export interface Hold {
  /** Resolves when a first connection stands still at the place; for `answer`, when the target has answered. */
  readonly reached: Promise<void>;
  /** Lets everything go on, and holds nothing any more. */
  release(): void;
}

export interface FaultProxy {
  readonly port: number;
  setFault(fault: Fault): Promise<void>;
  /** Stops every connection that comes to a place from now on: nothing passes on it any more, in either direction. */
  holdAt(place: Place): Hold;
  /** Leads new connections to another port; open ones stay where they are. */
  leadTo(port: number): void;
  /** Cuts the open connections; new ones are not touched. */
  dropConnections(): void;
  stop(): Promise<void>;
}

interface ActiveHold {
  readonly place: Place;
  sayReached(): void;
  /** What goes on when it is released. */
  readonly waiting: (() => void)[];
}

/** A connection on both sides of the proxy. */
interface Link {
  isDead: boolean;
}

interface ProxyState {
  fault: Fault;
  readonly links: Set<Link>;
  hold: ActiveHold | null;
}

/** Starts a TCP proxy on 127.0.0.1 whose faults are switched at run time. It passes everything at first. */
export async function startFaultProxy(target: { targetPort: number; targetHost?: string }): Promise<FaultProxy> {
  const state: ProxyState = { fault: { kind: 'pass' }, links: new Set(), hold: null };
  const open = new Set<Socket>();
  let { targetPort } = target;
  const server = createServer((client) => {
    const upstream = connect(targetPort, target.targetHost ?? '127.0.0.1');
    const link = { isDead: state.fault.kind === 'silent' };
    state.links.add(link);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        if (link.isDead) return;
        state.links.delete(link);
        other.destroy();
      });
    }
    const gate = createGate(state);
    client
      .pipe(transport(state, link, client, 'sent'))
      .pipe(gate.sent)
      .pipe(upstream);
    upstream
      .pipe(transport(state, link, client, 'answered'))
      .pipe(gate.answered)
      .pipe(client);
  });
  const port = await listen(server, 0);
  const dropConnections = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port,
    leadTo: (other) => void (targetPort = other),
    dropConnections,
    holdAt: (place) => hold(state, place),
    setFault: async (fault) => {
      state.fault = fault;
      if (fault.kind === 'silent') for (const link of state.links) link.isDead = true;
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

function hold(state: ProxyState, place: Place): Hold {
  let sayReached = () => {};
  const reached = new Promise<void>((resolve) => (sayReached = resolve));
  const active: ActiveHold = { place, sayReached, waiting: [] };
  state.hold = active;
  return {
    reached,
    release: () => {
      if (state.hold === active) state.hold = null;
      for (const goOn of active.waiting.splice(0)) goOn();
    },
  };
}

/** One direction of a connection, with the fault that is on. */
function transport(state: ProxyState, link: Link, client: Socket, direction: 'sent' | 'answered'): Transform {
  let bytes = 0;
  const resets = direction === 'sent' ? 'resetAfterSent' : 'resetAfter';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const { fault } = state;
      bytes += chunk.length;
      if (fault.kind === 'blackHole' || link.isDead) return done();
      if (fault.kind === 'delay') return void setTimeout(done, fault.ms, null, chunk);
      if (fault.kind === resets && bytes >= fault.bytes) {
        const allowed = chunk.subarray(0, Math.max(0, chunk.length - (bytes - fault.bytes)));
        const reset = () => void client.resetAndDestroy();
        if (direction === 'answered') {
          client.write(allowed, reset);
        } else {
          this.push(allowed);
          // By the next turn it is on its way.
          setImmediate(reset);
        }
        return;
      }
      done(null, chunk);
    },
    flush(done) {
      // The other side does not hear of the end.
      if (!link.isDead) done();
    },
  });
}

/** Both directions of a connection that stands still when its client comes to the place of a hold. */
function createGate(state: ProxyState): { sent: Transform; answered: Transform } {
  let watched: ActiveHold | null = null;
  let isThere = (_chunk: Buffer): boolean => false;
  let heldBy: ActiveHold | null = null;

  const sent = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (state.hold !== watched) {
        watched = state.hold;
        isThere = watched ? watchBytes(watched.place.sent) : () => false;
      }
      if (!watched || !isThere(chunk)) return done(null, chunk);
      heldBy = watched;
      if (watched.place.hold === 'answer') return done(null, chunk);
      watched.waiting.push(() => done(null, chunk));
      watched.sayReached();
    },
  });
  const answered = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const holding = heldBy === state.hold ? heldBy : null;
      if (!holding) return done(null, chunk);
      holding.waiting.push(() => done(null, chunk));
      holding.sayReached();
    },
  });
  return { sent, answered };
}
