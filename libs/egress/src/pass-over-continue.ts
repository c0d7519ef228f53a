import type { Socket } from 'node:net';

const [LINE_FEED, CARRIAGE_RETURN, ZERO, ONE, THREE] = [...Buffer.from('\n\r013')] as [
  number,
  number,
  number,
  number,
  number,
];
/** Where the status stands in `HTTP/1.1 100 Continue`. */
const STATUS_AT = 9;

/**
 * Lets a server answer `100 Continue` before its answer although nobody asked (RFC 9110 §15.2 has clients expect that). undici takes
 * it for a broken answer, and passes over every other 1xx: what it reads of a connection has 103 in its place. Only what stands where
 * the head of an answer does is looked at, from each request on.
 */
export function passOverContinue(socket: Socket): void {
  const [read, write] = [socket.read.bind(socket), socket.write.bind(socket)];
  const heads = new HeadReader();
  socket.write = ((...parts: Parameters<Socket['write']>) => {
    heads.begin();
    return write(...parts);
  }) as Socket['write'];
  socket.read = (size) => {
    const chunk = read(size) as Buffer | null;
    if (chunk) heads.look(chunk);
    return chunk;
  };
}

/** Follows the heads before an answer, byte by byte, however they are cut. */
class HeadReader {
  /** Bytes of the present head that were seen; null behind the last one. */
  private at: number | null = null;
  private status: number[] = [];
  /** Line feeds in a row, carriage returns left aside: two end a head. */
  private lineFeeds = 0;

  begin(): void {
    this.at = 0;
    this.status = [];
    this.lineFeeds = 0;
  }

  /** Looks at the next bytes, and makes 103 of 100. */
  look(bytes: Buffer): void {
    for (let index = 0; index < bytes.length && this.at !== null; index++) {
      const byte = bytes[index] ?? 0;
      // Blank lines before a head are passed over (RFC 9112 §2.2).
      if (this.at === 0 && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) continue;
      if (this.at >= STATUS_AT && this.status.length < 3) {
        this.status.push(byte);
        const [first, second, third] = this.status;
        if (first !== ONE) {
          this.at = null;
          return;
        }
        if (second === ZERO && third === ZERO) bytes[index] = THREE;
      }
      this.at += 1;
      if (byte === LINE_FEED) this.lineFeeds += 1;
      else if (byte !== CARRIAGE_RETURN) this.lineFeeds = 0;
      if (this.lineFeeds === 2) this.begin();
    }
  }
}
