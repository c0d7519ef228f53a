import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import type { Type } from '@nestjs/common';

export interface ModuleRoute {
  /** `Controller.method` */
  handler: string;
  method: string;
  /** As it is declared, from the root: `:name` is a parameter, `::` a colon of the path itself. */
  path: string;
}

/** Every route of whichever controller a module has: a test that walks them is not passed by a route that is added later. */
export function routesOf(module: Type): ModuleRoute[] {
  const controllers = Reflect.getMetadata('controllers', module) as Type[];
  return controllers.flatMap(routesOfController);
}

function routesOfController(controller: Type): ModuleRoute[] {
  const base = String(Reflect.getMetadata('path', controller));
  return Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, { value }]) => {
    const method: RequestMethod | undefined =
      typeof value === 'function' ? Reflect.getMetadata('method', value) : undefined;
    if (method === undefined) return [];
    const path = `/${base}/${String(Reflect.getMetadata('path', value))}`.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
    return [{ handler: `${controller.name}.${name}`, method: RequestMethod[method], path }];
  });
}
