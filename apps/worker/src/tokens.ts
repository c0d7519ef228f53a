/** Injection tokens of what the worker is built from. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const DATA_SOURCE = Symbol('data source');
export const HINT_QUEUE = Symbol('hint queue');
export const EGRESS = Symbol('egress client');
export const SEALER = Symbol('sealer');
