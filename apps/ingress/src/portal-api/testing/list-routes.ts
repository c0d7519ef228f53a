import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import type { Type } from '@nestjs/common';

/** A route of a controller, its path below /portal/api. */
export interface PortalRoute {
  method: string;
  path: string;
}

/**
 * Every route of a controller of the portal's API, with `ids` in place of the parameters: a test that walks them is not passed by
 * a route that is added later. Throws Error for a parameter that has no id.
 */
export function listRoutes(controller: Type, ids: Record<string, string>): PortalRoute[] {
  const base = String(Reflect.getMetadata('path', controller)).replace(/^portal\/api/, '');
  return Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(({ value }) => {
    const method: RequestMethod | undefined =
      typeof value === 'function' ? Reflect.getMetadata('method', value) : undefined;
    if (method === undefined) return [];
    const path = `${base}/${String(Reflect.getMetadata('path', value))}`.replace(/\/+$/, '');
    return [{ method: RequestMethod[method], path: fillIn(path, ids) }];
  });
}

/** `::` is a colon of the path itself. */
function fillIn(path: string, ids: Record<string, string>): string {
  return path.replaceAll(/::|:(\w+)(\([^)]*\))?/g, (found, name: string | undefined) => {
    if (name === undefined) return ':';
    const id = ids[name];
    if (id === undefined) throw new Error(`There is no id for ${found} of ${path}`);
    return id;
  });
}
