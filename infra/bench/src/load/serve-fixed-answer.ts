import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every request with the same small JSON: the least that a server on node:http can do. */
const ANSWER = Buffer.from(
  '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"ada@example.com"}',
);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/scim+json', 'content-length': ANSWER.length }).end(ANSWER);
  });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'ready', port: (server.address() as AddressInfo).port });
});
