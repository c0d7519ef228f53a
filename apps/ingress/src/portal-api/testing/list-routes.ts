import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { PortalModule } from '../portal.module';

/** A route of the portal's API. */
export interface PortalRoute {
  /** `Controller.method` */
  handler: string;
  method: string;
  /** Below /portal/api. */
  path: string;
}

/** Routes that ask for no session: what leads to one, what a mail and a page's image ask for, and the page of a hand-over. */
const WITHOUT_SESSION: readonly string[] = [
  'HandOverController.get',
  'HandOverController.open',
  'HandOverController.showToken',
  'PortalEmbeddingController.get',
  'PortalLogosController.get',
  'PortalSessionController.open',
  'PortalSessionController.sendCode',
  'PortalUnsubscribeController.unsubscribe',
];

/** Routes that answer a session while Directory Sync is off. */
const WHILE_OFF: readonly string[] = [
  'LiveController.stream',
  'PortalSessionController.end',
  'PortalSessionController.get',
];

/** Things that are not there. */
const IDS = {
  contact_id: 'con_01kag3v2q9x8w7n6m5k4j3h2g1',
  secret_id: 'sec_01kag3v2q9x8w7n6m5k4j3h2g1',
  hand_over_id: 'hov_01kag3v2q9x8w7n6m5k4j3h2g1',
  user_id: 'diruser_01kag3v2q9x8w7n6m5k4j3h2g1',
  group_id: 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1',
  request_id: 'req_01kag3v2q9x8w7n6m5k4j3h2g1',
  logo_id: '01kag3v2q9x8w7n6m5k4j3h2g1',
};

/**
 * Every route of whichever controller the portal's module has, about a directory and of things in it that are not there: a test that
 * walks them is not passed by a route that is added later. Throws Error for a parameter that has no id.
 */
export function listRoutes(directoryId = 'dir_01kag3v2q9x8w7n6m5k4j3h2g1'): PortalRoute[] {
  const controllers = Reflect.getMetadata('controllers', PortalModule) as Type[];
  return controllers.flatMap((controller) => routesOf(controller, { ...IDS, directory_id: directoryId }));
}

/** The routes that are for who has a session. */
export function listSessionRoutes(directoryId?: string): PortalRoute[] {
  return listRoutes(directoryId).filter(({ handler }) => !WITHOUT_SESSION.includes(handler));
}

/** Those of them that answer only while Directory Sync is on. */
export function listFeatureRoutes(directoryId?: string): PortalRoute[] {
  return listSessionRoutes(directoryId).filter(({ handler }) => !WHILE_OFF.includes(handler));
}

function routesOf(controller: Type, ids: Record<string, string>): PortalRoute[] {
  const base = String(Reflect.getMetadata('path', controller)).replace(/^portal\/api/, '');
  return Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, { value }]) => {
    const method: RequestMethod | undefined =
      typeof value === 'function' ? Reflect.getMetadata('method', value) : undefined;
    if (method === undefined) return [];
    const path = `${base}/${String(Reflect.getMetadata('path', value))}`.replace(/\/+$/, '');
    return [{ handler: `${controller.name}.${name}`, method: RequestMethod[method], path: fillIn(path, ids) }];
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
