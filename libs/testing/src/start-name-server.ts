import { createSocket } from 'node:dgram';

export interface TestNameServer {
  readonly port: number;
  stop(): Promise<void>;
}

const HEADER_BYTES = 12;
/** An answer without error to a recursive question. */
const ANSWER_FLAGS = 0x8180;
/** The name of the question, whose place in the message this points to. */
const QUESTION_NAME = 0xc000 + HEADER_BYTES;
const TYPE_A = 1;
const CLASS_INTERNET = 1;

/**
 * Starts a name server on 127.0.0.1 that gives every name these IPv4 addresses, as Docker's does for a service with several
 * containers (RFC 1035 §4). Other types of records it has none of.
 */
export async function startNameServer(addresses: readonly string[]): Promise<TestNameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answer(query, addresses), port, address));
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  let closed: Promise<void> | undefined;
  const close = () => new Promise<void>((resolve) => void socket.close(resolve));
  return { port, stop: () => (closed ??= close()) };
}

function answer(query: Buffer, addresses: readonly string[]): Buffer {
  const endOfName = query.indexOf(0, HEADER_BYTES) + 1;
  const question = query.subarray(HEADER_BYTES, endOfName + 4);
  const records = query.readUInt16BE(endOfName) === TYPE_A ? addresses.map(recordOf) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(ANSWER_FLAGS, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function recordOf(address: string): Buffer {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(QUESTION_NAME, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_INTERNET, 4);
  record.writeUInt32BE(1, 6);
  record.writeUInt16BE(4, 10);
  return Buffer.concat([record, Buffer.from(address.split('.').map(Number))]);
}
