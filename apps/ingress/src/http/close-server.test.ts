import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { prepareClose } from './close-server';

it('closes what is idle or never said a word, and waits for what is under way', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/slow') answers.push(response);
    else response.end('ok');
  });
  const end = prepareClose(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = async (text?: string) => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    await once(socket, 'connect');
    if (text) socket.write(text);
    return socket;
  };
  const silent = await open();
  const idle = await open('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(idle, 'data');
  const busy = await open('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
  const partial = await open('GET /slow HTTP/1.1\r\n');
  await expect.poll(() => answers.length).toBe(1);
  const closed = Promise.all([once(silent, 'close'), once(idle.resume(), 'close')]);
  const ended = end(() => new Promise((resolve) => server.close(() => resolve())));
  await closed;
  partial.write('host: a\r\n\r\n');
  await expect.poll(() => answers.length).toBe(2);
  for (const [index, socket] of [busy, partial].entries()) {
    answers[index]?.end('done');
    expect(String((await once(socket, 'data'))[0])).toContain('done');
    socket.destroy();
  }
  await ended;
});
