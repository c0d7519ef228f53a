import type { FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { allowedMethods, collectRoutes } from './known-routes';

interface Route {
  url: string;
  method: string | string[];
}

function serverWith(...routes: Route[]): FastifyInstance {
  const hooks: ((route: Route) => void)[] = [];
  const server = { addHook: (_name: string, hook: (route: Route) => void) => hooks.push(hook) };
  collectRoutes(server as unknown as FastifyInstance);
  for (const route of routes) for (const hook of hooks) hook(route);
  return server as unknown as FastifyInstance;
}

it('finds the methods of every route that matches a path', () => {
  const server = serverWith(
    { url: '/api/:id', method: 'GET' },
    { url: '/api/:id', method: ['PATCH', 'DELETE'] },
    { url: '/api/special', method: 'POST' },
    { url: '/api/:id/a.b', method: 'PUT' },
    { url: '/pages/*', method: 'GET' },
  );
  expect(allowedMethods(server, '/api/x')).toEqual(['DELETE', 'GET', 'PATCH']);
  expect(allowedMethods(server, '//api//x/')).toEqual(['DELETE', 'GET', 'PATCH']);
  expect(allowedMethods(server, '/api/special')).toEqual(['DELETE', 'GET', 'PATCH', 'POST']);
  expect(allowedMethods(server, '/api/x/a.b')).toEqual(['PUT']);
  expect(allowedMethods(server, '/api/x/aXb')).toEqual([]);
  expect(allowedMethods(server, '/api')).toEqual([]);
  expect(allowedMethods(server, '/pages/x')).toEqual([]);
});

it('reads patterns and escaped colons in templates', () => {
  const server = serverWith(
    { url: '/a/:id(\\d+)::enable', method: 'PATCH' },
    { url: '/b::external/:id', method: 'GET' },
  );
  expect(allowedMethods(server, '/a/12:enable')).toEqual(['PATCH']);
  expect(allowedMethods(server, '/a/x:enable')).toEqual([]);
  expect(allowedMethods(server, '/b:external/x')).toEqual(['GET']);
});
